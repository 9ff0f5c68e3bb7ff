"""The service for another ASGI server, such as `uvicorn app.asgi:app`. Importing this file reads the environment."""

from app.main import create_app
from app.server.start import load_config

app = create_app(load_config())
