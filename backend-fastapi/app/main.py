"""Start here: the service, for `uvicorn app.main:app`. What happens to a request is in application.py."""

from app.application import create_app
from app.start import load_config

app = create_app(load_config())
