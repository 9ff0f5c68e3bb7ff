"""The environment of this service: the only file of the app that reads it."""

import os
import re
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, Field, FilePath, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.database_url import to_conninfo
from app.production import production_faults
from auth_sidecar import ConfigurationError, SidecarSettings
from auth_sidecar.settings import environment_faults

EX_CONFIG = 78  # sysexits.h: tells a supervisor that starting again does not help

AnySettings = TypeVar("AnySettings", bound=BaseSettings)

_NAME = re.compile(r"(?!pg_)[a-z_][a-z0-9_]{0,62}")
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


class _Settings(BaseSettings):
    # An empty value means "not set": that is what `NAME=` in a .env file and compose's `${NAME:-}` produce.
    model_config = SettingsConfigDict(env_ignore_empty=True, frozen=True, extra="ignore", hide_input_in_errors=True)


class DatabaseSettings(_Settings):
    """All that migrations need."""

    backend_database_url: Annotated[SecretStr, AfterValidator(_database_url)]
    """As any provider writes it; the role owns app_users and what else this service keeps."""
    auth_db_schema: Annotated[str, AfterValidator(_matching(_NAME, "must be a plain lower-case PostgreSQL name"))] = (
        "public"
    )
    """Where better-auth's tables live."""
    database_pool_max: Annotated[int, Field(ge=1, le=1000)] = 10
    database_connect_timeout_ms: Annotated[int, Field(ge=100, le=60_000)] = 2000
    database_statement_timeout_ms: Annotated[int, Field(ge=100, le=600_000)] = 5000
    database_ca_file: FilePath | None = None
    """PEM; the server's certificate and name are verified when it is set."""
    database_pooler: Literal["none", "transaction"] = "none"
    """`transaction` behind PgBouncer and its kind: no prepared statements, no start-up options."""


class ServiceSettings(_Settings):
    """How this service runs."""

    app_env: Literal["development", "production"] = "production"
    log_level: Literal["trace", "debug", "info", "warn", "error", "fatal", "silent"] = "info"
    backend_host: Annotated[str, AfterValidator(_matching(_HOST, "must be a host name or an address"))] = "127.0.0.1"
    backend_port: Annotated[int, Field(ge=1, le=65_535)] = 8000
    backend_workers: Annotated[int, Field(ge=1, le=64)] = 1
    """Processes that serve, each with a pool and connections of its own. Only `python -m app` heeds it."""


@dataclass(frozen=True, slots=True)
class Config:
    service: ServiceSettings
    database: DatabaseSettings
    sidecar: SidecarSettings

    @property
    def is_production(self) -> bool:
        return self.service.app_env == "production"


def read_config(check_database: Callable[[DatabaseSettings], list[str]] | None = None) -> Config:
    """Raises ConfigurationError with every fault at once: a half-configured server would fail at a user's request.

    In production `check_database` adds what it finds wrong with the database that is named.
    """
    faults: list[str] = []
    service = _read(ServiceSettings, faults)
    database = _read(DatabaseSettings, faults)
    sidecar = _read(SidecarSettings, faults)
    if os.environ.get("APP_ENV") != "development":
        faults += production_faults(os.environ)
        if check_database is not None and database is not None:
            faults += check_database(database)
    if service is None or database is None or sidecar is None or faults:
        raise ConfigurationError(faults)
    return Config(service, database, sidecar)


def read_database_settings() -> DatabaseSettings:
    """For what only migrates. Raises ConfigurationError with every fault at once."""
    faults: list[str] = []
    database = _read(DatabaseSettings, faults)
    if database is None:
        raise ConfigurationError(faults)
    return database


def _read(kind: type[AnySettings], faults: list[str]) -> AnySettings | None:
    try:
        return kind()
    except ValidationError as error:
        faults += environment_faults(error)
        return None


@contextmanager
def exit_when_misconfigured() -> Generator[None]:
    """Ends the process with EX_CONFIG and the list of faults, instead of a traceback that shows values."""
    try:
        yield
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(EX_CONFIG) from None
