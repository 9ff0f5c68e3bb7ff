"""alembic_changes.py FILE URL SCHEMA: what Alembic would change in the database for these models of SQLModel."""

import importlib.util
import json
import sys

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import NullPool, create_engine
from sqlmodel import SQLModel

path, url, schema = sys.argv[1:]
spec = importlib.util.spec_from_file_location("auth_tables", path)
module = sys.modules["auth_tables"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
options = {
    "compare_type": True,
    "compare_server_default": True,
    "include_schemas": schema != "public",
    "include_name": lambda name, kind, _: kind != "schema" or name in (None, schema),
}
with create_engine(url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool).connect() as connection:
    changes = compare_metadata(MigrationContext.configure(connection, opts=options), SQLModel.metadata)
print(json.dumps([str(change) for change in changes]))
