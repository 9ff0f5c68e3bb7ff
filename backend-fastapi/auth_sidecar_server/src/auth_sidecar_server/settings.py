"""The auth server's settings in development: what its user has set, and for the rest what `up` chooses."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

# Paths in settings are seen from the folder of the command, not from where the server was installed.
_PATHS = ("BRAND_FOLDER", "MAIL_TEMPLATES", "PAGES_FOLDER", "DATABASE_CA_FILE", "APPLE_PRIVATE_KEY_FILE")
_PLAIN_NAME = re.compile(r"(?!pg_)[a-z_][a-z0-9_]{0,62}")
_DEFAULT_APP = "http://localhost:8000"
# What `up` writes for the other commands, and all that they read of it.
OF_THE_APP = ("AUTH_SERVER_URL", "INTERNAL_TOKEN", "CORS_ORIGIN")
OF_THE_SERVER = (
    *("NODE_ENV", "AUTH_PORT", "AUTH_INTERNAL_PORT", "SERVE_PAGES", "PUBLIC_URL", "APP_URL", "CORS_ORIGIN"),
    *("LOG_LEVEL", "BETTER_AUTH_SECRET", "INTERNAL_TOKEN", "ENCRYPTION_KEYS"),
    *("DATABASE_URL", "DATABASE_ADMIN_URL", "BACKEND_DATABASE_URL", "BACKEND_MIGRATION_DATABASE_URL"),
    "BACKEND_DB_ROLE",
)


@dataclass(frozen=True)
class Choices:
    """What the options of `up` say."""

    port: int
    internal_port: int
    app_url: str | None


def absolute_paths(variables: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The variables with every path of them seen from the folder."""
    return {name: str(folder / value) if name in _PATHS else value for name, value in variables.items()}


def development(own: Mapping[str, str], secrets: Mapping[str, str], choices: Choices) -> dict[str, str]:
    """What is in the environment wins over what is chosen here, except that `up` is development."""
    public_url = own.get("PUBLIC_URL", f"http://localhost:{choices.port}")
    app_url = choices.app_url or own.get("APP_URL")
    origins = dict.fromkeys([public_url.rstrip("/"), _origin(app_url or _DEFAULT_APP)])
    chosen = {
        "SERVE_PAGES": "true",
        "PUBLIC_URL": public_url,
        "CORS_ORIGIN": ",".join(origins),
        "LOG_LEVEL": "info",
        **{name: secrets[name] for name in ("BETTER_AUTH_SECRET", "INTERNAL_TOKEN", "ENCRYPTION_KEYS")},
    }
    settings = chosen | {name: own[name] for name in chosen if name in own}
    if app_url is not None and settings["SERVE_PAGES"] == "true":
        settings["APP_URL"] = app_url
    return settings | {
        "NODE_ENV": "development",
        "AUTH_PORT": str(choices.port),
        "AUTH_INTERNAL_PORT": str(choices.internal_port),
    }


def embedded_database(admin_url: str, secrets: Mapping[str, str]) -> dict[str, str]:
    """Three roles on it, as in production."""

    def address(role: str, password: str) -> str:
        at = urlsplit(admin_url)
        return urlunsplit(at._replace(netloc=f"{role}:{password}@{at.hostname}:{at.port}", path="/auth_sidecar"))

    return {
        "DATABASE_ADMIN_URL": admin_url,
        "DATABASE_URL": address("auth_server", secrets["AUTH_DB_PASSWORD"]),
        "BACKEND_DATABASE_URL": address("backend", secrets["BACKEND_DB_PASSWORD"]),
        "BACKEND_MIGRATION_DATABASE_URL": address("backend_owner", secrets["BACKEND_OWNER_DB_PASSWORD"]),
    }


def own_database(own: Mapping[str, str]) -> dict[str, str]:
    """Where nothing else is set, the role of DATABASE_URL is the only one: it owns the app's tables too."""
    role = urlsplit(own["DATABASE_URL"]).username or ""
    is_alone = not {"BACKEND_DB_ROLE", "BACKEND_DATABASE_URL", "DATABASE_ADMIN_URL"} & own.keys()
    return {"BACKEND_DB_ROLE": role} if is_alone and _PLAIN_NAME.fullmatch(role) else {}


def backend_address(own: Mapping[str, str], secrets: Mapping[str, str]) -> dict[str, str]:
    """Of the app's role, which setup-database makes: beside the role of DATABASE_URL, unless it is set."""
    if "DATABASE_ADMIN_URL" not in own or "BACKEND_DATABASE_URL" in own:
        return {}
    at = urlsplit(own["DATABASE_URL"])
    host = at.netloc.rpartition("@")[2]
    return {"BACKEND_DATABASE_URL": urlunsplit(at._replace(netloc=f"backend:{secrets['BACKEND_DB_PASSWORD']}@{host}"))}


def of_the_app(server: Mapping[str, str]) -> dict[str, str]:
    """What a service that installs auth_sidecar needs to know."""
    return {
        "AUTH_SERVER_URL": f"http://127.0.0.1:{server['AUTH_INTERNAL_PORT']}",
        "INTERNAL_TOKEN": server["INTERNAL_TOKEN"],
        "CORS_ORIGIN": server["CORS_ORIGIN"],
    }


def _origin(url: str) -> str:
    at = urlsplit(url)
    return f"{at.scheme}://{at.netloc}"
