"""What `auth-sidecar up` chooses for the auth server, and what its user has chosen."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from auth_sidecar_server.settings import (
    OF_THE_APP,
    OF_THE_SERVER,
    Choices,
    absolute_paths,
    backend_address,
    development,
    embedded_database,
    of_the_app,
    own_database,
)

SECRETS = {
    "BETTER_AUTH_SECRET": "a",
    "INTERNAL_TOKEN": "b",
    "ENCRYPTION_KEYS": "c",
    "AUTH_DB_PASSWORD": "d",
    "BACKEND_DB_PASSWORD": "e",
    "BACKEND_OWNER_DB_PASSWORD": "f",
}
USUAL = Choices(4000, 4001, None)
OWN_URL = "postgres://me:secret@db.example:5433/app?sslmode=require"


def test_it_is_development_with_pages_at_its_own_port() -> None:
    settings = development({}, SECRETS, Choices(4100, 4101, None))

    assert settings["NODE_ENV"] == "development"
    assert settings["SERVE_PAGES"] == "true"
    assert settings["PUBLIC_URL"] == "http://localhost:4100"
    assert (settings["AUTH_PORT"], settings["AUTH_INTERNAL_PORT"]) == ("4100", "4101")
    assert settings["CORS_ORIGIN"] == "http://localhost:4100,http://localhost:8000"
    assert "APP_URL" not in settings


def test_an_app_elsewhere_may_act_with_the_cookie_and_is_where_users_go_on() -> None:
    settings = development({}, SECRETS, Choices(4000, 4001, "http://localhost:9000/start?x=1"))

    assert settings["APP_URL"] == "http://localhost:9000/start?x=1"
    assert settings["CORS_ORIGIN"] == "http://localhost:4000,http://localhost:9000"


@pytest.mark.parametrize("name", ["PUBLIC_URL", "CORS_ORIGIN", "LOG_LEVEL", "BETTER_AUTH_SECRET", "SERVE_PAGES"])
def test_what_the_user_has_set_is_not_chosen_again(name: str) -> None:
    assert development({name: "mine"}, SECRETS, USUAL)[name] == "mine"


def test_production_in_the_environment_does_not_get_through() -> None:
    assert development({"NODE_ENV": "production"}, SECRETS, USUAL)["NODE_ENV"] == "development"


def test_pages_that_are_not_served_lead_nowhere() -> None:
    own = {"SERVE_PAGES": "false", "APP_URL": "http://localhost:9000"}

    assert "APP_URL" not in development(own, SECRETS, USUAL)


def test_the_embedded_database_has_three_roles_with_their_own_passwords() -> None:
    urls = embedded_database("postgres://postgres:p@127.0.0.1:23456/postgres", SECRETS)

    roles = {name: urlsplit(url) for name, url in urls.items() if name != "DATABASE_ADMIN_URL"}
    assert {at.username: at.password for at in roles.values()} == {
        "auth_server": "d",
        "backend": "e",
        "backend_owner": "f",
    }
    assert {(at.hostname, at.port, at.path) for at in roles.values()} == {("127.0.0.1", 23456, "/auth_sidecar")}


def test_a_role_that_is_alone_owns_the_tables_of_the_app_too() -> None:
    assert own_database({"DATABASE_URL": OWN_URL}) == {"BACKEND_DB_ROLE": "me"}
    assert own_database({"DATABASE_URL": OWN_URL, "BACKEND_DB_ROLE": "app"}) == {}
    assert own_database({"DATABASE_URL": OWN_URL.replace("me:", "My-Role:")}) == {}


def test_who_may_make_roles_makes_one_for_the_app() -> None:
    admin = {"DATABASE_URL": OWN_URL, "DATABASE_ADMIN_URL": "postgres://postgres@db.example:5433/postgres"}

    assert backend_address(admin, SECRETS) == {
        "BACKEND_DATABASE_URL": "postgres://backend:e@db.example:5433/app?sslmode=require"
    }
    assert own_database(admin) == {}
    assert backend_address({"DATABASE_URL": OWN_URL}, SECRETS) == {}


def test_paths_are_seen_from_the_folder_of_the_command() -> None:
    seen = absolute_paths({"BRAND_FOLDER": "mine", "MAIL_TEMPLATES": "/mail", "LOG_LEVEL": "info"}, Path("/project"))

    assert seen == {"BRAND_FOLDER": "/project/mine", "MAIL_TEMPLATES": "/mail", "LOG_LEVEL": "info"}


def test_the_app_is_told_the_private_port_and_no_secret_but_its_own() -> None:
    app = of_the_app(development({}, SECRETS, USUAL))

    assert app == {
        "AUTH_SERVER_URL": "http://127.0.0.1:4001",
        "INTERNAL_TOKEN": "b",
        "CORS_ORIGIN": "http://localhost:4000,http://localhost:8000",
    }


def test_all_that_up_writes_is_known_to_the_commands_that_read_it() -> None:
    written = {
        **development({"APP_URL": "http://localhost:9000"}, SECRETS, USUAL),
        **embedded_database("postgres://postgres:p@127.0.0.1:23456/postgres", SECRETS),
        **own_database({"DATABASE_URL": OWN_URL}),
    }

    assert written.keys() == set(OF_THE_SERVER)
    assert of_the_app(written).keys() == set(OF_THE_APP)
