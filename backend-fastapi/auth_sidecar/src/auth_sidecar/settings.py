"""The settings of this package, and the only file of it that reads the environment."""

import os
import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from auth_sidecar.errors import ConfigurationError

_ORIGIN = re.compile(r"https?://(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def _to_origin(value: str) -> str:
    """As a browser writes it in `Origin`: lower case, no default port, no slash at the end."""
    origin = value.strip().lower().removesuffix("/")
    if not _ORIGIN.fullmatch(origin):
        raise ValueError("must be an origin: http(s)://host[:port] without a path or wildcard")
    return origin.removesuffix(_DEFAULT_PORTS[urlsplit(origin).scheme])


def _to_origins(value: str | tuple[str, ...]) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    return tuple(_to_origin(part) for part in parts if part.strip())


def _printable(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[\x21-\x7e]+", value.get_secret_value()):
        raise ValueError("must be printable ASCII without spaces: it is sent as a header")
    return value


class SidecarSettings(BaseSettings):
    """Each field is a variable of the same name in upper case."""

    model_config = SettingsConfigDict(env_ignore_empty=True, frozen=True, extra="ignore", hide_input_in_errors=True)

    auth_server_url: Annotated[str, AfterValidator(_to_origin)]
    """The auth server's private port, for example http://auth-server:4001."""
    internal_token: Annotated[SecretStr, AfterValidator(_printable)]
    """The same value as the auth server's: it opens the private port."""
    cors_origin: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_to_origins), Field(min_length=1)] = (
        "http://localhost:3000",
    )
    """Comma-separated origins whose pages may send unsafe requests with the session cookie; compared exactly."""
    sidecar_timeout_seconds: Annotated[float, Field(gt=0, le=30)] = 1
    """The maximum duration of a check: the wait for a free slot, connecting and the response."""
    sidecar_max_concurrency: Annotated[int, Field(ge=1, le=1000)] = 32
    """Maximum number of concurrent checks in this process, and of open connections."""
    sidecar_cache_entries: Annotated[int, Field(ge=0, le=1_000_000)] = 10_000
    """Maximum number of cached sessions in this process, about 5 KB each. 0: no cache."""
    sidecar_stale_grace_seconds: Annotated[float, Field(ge=0, le=3600)] = 0
    """The maximum age of a cached entry that safe methods (GET, HEAD, OPTIONS) may use while the auth server cannot be
    asked. 0, the default: they get 503. A session that ended within that time is accepted during the outage."""


def read_settings() -> SidecarSettings:
    """Raises ConfigurationError with every error at once."""
    try:
        return SidecarSettings()  # pyright: ignore[reportCallIssue] - the fields come from the environment
    except ValidationError as error:
        raise ConfigurationError(environment_errors(error)) from None  # the cause would show values


def is_production() -> bool:
    """Whether the environment says so. A service that says nothing is in production as far as this package can tell:
    it must not depend on this alone."""
    return os.environ.get("APP_ENV") == "production"


def environment_errors(error: ValidationError) -> list[str]:
    """One line per bad variable: its name and the rule, never the value."""
    return [f"{str(problem['loc'][0]).upper()} {_rule(problem['type'], problem['msg'])}" for problem in error.errors()]


def _rule(kind: str, message: str) -> str:
    if kind == "missing":
        return "is required"
    return message.removeprefix("Value error, ").replace("Input should be", "must be")
