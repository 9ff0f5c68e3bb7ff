"""The environment of this service: the only file of the app that reads it."""

import os
import re
import ssl
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, Field, FilePath, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.database.auth_tables import user_table_name
from app.database.url import to_conninfo
from app.production import production_errors
from auth_sidecar import ConfigurationError, SidecarSettings
from auth_sidecar.settings import environment_errors

EX_CONFIG = 78  # sysexits.h: tells a supervisor that starting again does not help

AnySettings = TypeVar("AnySettings", bound=BaseSettings)

_NAME = re.compile(r"(?!pg_|information_schema$)[a-z_][a-z0-9_]{0,62}")
_ROOT_PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)*")
_URL = re.compile(r"https?://[A-Za-z0-9.:_\[\]-]+/[!-~]*")
_HOST = re.compile(r"[A-Za-z0-9.:_-]{1,253}")


def _matching(pattern: re.Pattern[str], rule: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if not pattern.fullmatch(value):
            raise ValueError(rule)
        return value

    return check


def _database_url(value: SecretStr) -> SecretStr:
    to_conninfo(value.get_secret_value())
    return value


def _certificate_authority(path: Path) -> Path:
    try:
        ssl.create_default_context(cafile=path)
    except OSError as error:  # ssl.SSLError is one too
        raise ValueError("must be a readable PEM file with certificates") from error
    return path


def _optional_database_url(value: SecretStr | None) -> SecretStr | None:
    return None if value is None else _database_url(value)


def _table_names(value: str) -> str:
    user_table_name(value)
    return value


class _Settings(BaseSettings):
    # An empty value means "not set": that is what `NAME=` in a .env file and compose's `${NAME:-}` produce.
    model_config = SettingsConfigDict(env_ignore_empty=True, frozen=True, extra="ignore", hide_input_in_errors=True)


_SchemaName = Annotated[str, AfterValidator(_matching(_NAME, "must be a plain lower-case PostgreSQL name"))]


class DatabaseSettings(_Settings):
    """All that migrations need."""

    backend_database_url: Annotated[SecretStr, AfterValidator(_database_url)]
    """As any provider writes it; the role that serves requests."""
    backend_migration_database_url: Annotated[SecretStr | None, AfterValidator(_optional_database_url)] = None
    """The role that owns app_users and what else this service keeps, for its migrations alone; None: the one above."""
    auth_db_schema: _SchemaName = "public"
    """Where better-auth's tables live."""
    auth_table_names: Annotated[str, AfterValidator(_table_names)] = ""
    """What they are called there."""
    backend_db_schema: Annotated[_SchemaName, Field(validate_default=True)] = "app"
    """Where the tables of this service live."""
    database_pool_max: Annotated[int, Field(ge=1, le=1000)] = 10
    database_connect_timeout_ms: Annotated[int, Field(ge=100, le=60_000)] = 2000
    database_statement_timeout_ms: Annotated[int, Field(ge=100, le=600_000)] = 5000
    database_idle_timeout_ms: Annotated[int, Field(ge=1000, le=3_600_000)] = 30_000
    """A connection that was idle for longer is not used again."""
    database_slow_query_ms: Annotated[int, Field(ge=0, le=600_000)] = 1000
    """Statements that take longer are logged, without their values; 0: none."""
    database_ca_file: Annotated[FilePath, AfterValidator(_certificate_authority)] | None = None
    """PEM; the server's certificate and name are verified when it is set."""
    database_pooler: Literal["none", "transaction"] = "none"
    """`transaction` behind PgBouncer and its kind: no prepared statements, no start-up options."""

    @field_validator("backend_db_schema")
    @classmethod
    def _differs(cls, value: str, info: ValidationInfo) -> str:
        """What is created beside the auth server's tables could run as their owner."""
        if value == info.data.get("auth_db_schema"):
            raise ValueError("must differ from AUTH_DB_SCHEMA")
        return value


class ServiceSettings(_Settings):
    """How this service runs."""

    app_env: Literal["development", "production"] = "production"
    log_level: Literal["trace", "debug", "info", "warn", "error", "fatal", "silent"] | None = None
    """Nothing: `debug` in development, `info` in production."""
    backend_host: Annotated[str, AfterValidator(_matching(_HOST, "must be a host name or an address"))] = "127.0.0.1"
    backend_port: Annotated[int, Field(ge=1, le=65_535)] = 8000
    backend_workers: Annotated[int, Field(ge=1, le=64)] = 1
    """Processes that serve, each with a pool and connections of its own. Only `python -m app` heeds it."""
    shutdown_delay_seconds: Annotated[int, Field(ge=0, le=60)] = 0
    """How long it still serves after SIGTERM, while it is not ready. Only `python -m app` heeds it."""
    backend_root_path: Annotated[str, AfterValidator(_matching(_ROOT_PATH, "must be a path such as /backend"))] = ""
    """What a proxy strips from the path of each request; ASGI's root_path. Only `python -m app` heeds it: for others
    it is `uvicorn --root-path`."""

    connected_example_url: (
        Annotated[str, AfterValidator(_matching(_URL, "must be an address: http(s)://host[:port]/path"))] | None
    ) = None
    """What GET /api/connected-service asks with the user's token for `demo`; None: it is a 404."""

    @property
    def effective_log_level(self) -> str:
        return self.log_level or ("info" if self.app_env == "production" else "debug")


@dataclass(frozen=True, slots=True)
class Config:
    service: ServiceSettings
    database: DatabaseSettings
    sidecar: SidecarSettings

    @property
    def is_production(self) -> bool:
        return self.service.app_env == "production"


def read_config(check_database: Callable[[DatabaseSettings], list[str]] | None = None) -> Config:
    """Raises ConfigurationError with every error at once: a half-configured server would fail at a user's request.

    In production `check_database` adds what it finds wrong with the database that is named.
    """
    errors: list[str] = []
    service = _read(ServiceSettings, errors)
    database = _read(DatabaseSettings, errors)
    sidecar = _read(SidecarSettings, errors)
    if os.environ.get("APP_ENV") != "development":
        errors += production_errors(os.environ)
        if check_database is not None and database is not None:
            errors += check_database(database)
    if service is None or database is None or sidecar is None or errors:
        raise ConfigurationError(errors)
    return Config(service, database, sidecar)


def read_database_settings() -> DatabaseSettings:
    """For what only migrates. Raises ConfigurationError with every error at once."""
    errors: list[str] = []
    database = _read(DatabaseSettings, errors)
    if database is None:
        raise ConfigurationError(errors)
    return database


def _read(kind: type[AnySettings], errors: list[str]) -> AnySettings | None:
    try:
        return kind()
    except ValidationError as error:
        errors += environment_errors(error)
        return None


@contextmanager
def exit_when_misconfigured() -> Generator[None]:
    """Ends the process with EX_CONFIG and the list of errors, instead of a traceback that shows values."""
    try:
        yield
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(EX_CONFIG) from None
