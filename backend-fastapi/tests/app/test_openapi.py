"""What OpenAPI promises, and whether the service keeps it whatever is sent."""

import re
from dataclasses import replace
from importlib import import_module
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings, strategies
from pydantic import SecretStr
from schemathesis import GenerationMode

from app.config import Config, DatabaseSettings, ServiceSettings
from app.main import create_app
from auth_sidecar import SidecarSettings
from tests.support.fake_auth_server import SignUp

UNUSED = Config(
    ServiceSettings(app_env="development"),
    DatabaseSettings(backend_database_url=SecretStr("postgres://nobody@nowhere/nothing")),
    SidecarSettings(auth_server_url="http://nowhere", internal_token=SecretStr("unused")),
)
SCHEMATHESIS: Any = import_module("schemathesis.specs.openapi.checks")  # its types are generic without need
CHECKS = [
    SCHEMATHESIS.status_code_conformance,
    SCHEMATHESIS.content_type_conformance,
    SCHEMATHESIS.response_headers_conformance,
    SCHEMATHESIS.response_schema_conformance,
]
SCHEMA: dict[str, Any] = create_app(UNUSED).openapi()
OPENAPI: Any = schemathesis.openapi.from_dict(SCHEMA)
EACH: list[dict[str, Any]] = [
    operation for path in SCHEMA["paths"].values() for method, operation in path.items() if method != "parameters"
]
OPERATIONS = [
    (path, method) for path, operations in SCHEMA["paths"].items() for method in operations if method != "parameters"
]
CASES: list[strategies.SearchStrategy[Any]] = [
    OPENAPI[path][method.upper()].as_strategy(mode) for path, method in OPERATIONS for mode in GenerationMode
]


def is_valid(schema: dict[str, Any], value: object) -> bool:
    validate: Any = import_module("jsonschema_rs").validator_for
    return bool(validate(schema, validate_formats=True).is_valid(value))


@settings(
    max_examples=250,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(case=strategies.one_of(CASES))
async def test_whatever_is_sent_gets_a_response_as_documented(
    api: httpx.AsyncClient,
    sign_up: SignUp,
    case: Any,  # noqa: ANN401 - schemathesis's Case
) -> None:
    ada = sign_up()
    request = requests.Request(**case.as_transport_kwargs(base_url="http://api")).prepare()
    headers = {**{name: str(value) for name, value in request.headers.items()}, **ada.bearer}
    body: Any = request.body

    response = await api.request(str(request.method), str(request.url), headers=headers, content=body)

    case.validate_response(response, checks=CHECKS)
    assert response.status_code < 400 or set(response.json()) == {"code", "message"}


async def test_authorize_in_the_docs_works_with_a_bearer_and_every_refusal_is_documented() -> None:
    schemes = SCHEMA["components"]["securitySchemes"]

    assert schemes["bearer"]["type"] == "http"
    assert (schemes["sessionCookie"]["in"], schemes["sessionCookie"]["name"]) == ("cookie", "better-auth.session_token")
    for operation in EACH:
        assert operation["security"] == [{"bearer": []}, {"sessionCookie": []}]
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                content = response["content"]["application/json"]
                assert content["schema"] == {"$ref": "#/components/schemas/ErrorBody"}
        assert set(operation["responses"]["401"]["headers"]) == {"WWW-Authenticate"}
        assert set(operation["responses"]["503"]["headers"]) == {"Retry-After"}


@pytest.mark.parametrize(
    ("operation_id", "refusals"),
    [
        ("readMe", {401, 503}),  # takes no input, so there is none to refuse
        ("listNotes", {401, 422, 503}),
        ("createNote", {400, 401, 403, 413, 415, 422, 503}),
        ("deleteNote", {401, 403, 404, 422, 503}),
        ("deleteAllNotes", {401, 403, 503}),
    ],
)
async def test_a_refusal_that_cannot_come_is_not_documented(operation_id: str, refusals: set[int]) -> None:
    (operation,) = (operation for operation in EACH if operation["operationId"] == operation_id)

    assert {int(status) for status in operation["responses"] if int(status) >= 400} == refusals


async def test_the_document_says_which_operation_requires_a_fresh_sign_in() -> None:
    requiring = {one["operationId"]: one for one in EACH if "Requires" in one["description"]}

    assert requiring.keys() == {"deleteAllNotes"}
    assert requiring["deleteAllNotes"]["description"] == (
        "Deletes every note that I have at this moment.\n\nRequires a sign-in within the last 10 minutes."
    )
    assert "`SESSION_NOT_FRESH`" in requiring["deleteAllNotes"]["responses"]["403"]["description"]


async def test_generated_clients_get_short_names() -> None:
    ids = [operation["operationId"] for operation in EACH]

    assert len(set(ids)) == len(ids)
    assert [name for name in ids if not re.fullmatch(r"[a-z]+(?:[A-Z][a-z]+)*", name) or "Api" in name] == []
    assert [operation["operationId"] for operation in EACH if not operation["tags"]] == []
    assert {tag for operation in EACH for tag in operation["tags"]} == {tag["name"] for tag in SCHEMA["tags"]}


async def test_generated_clients_get_times_as_times() -> None:
    times = {
        f"{name}.{field}": schema.get("format")
        for name, model in SCHEMA["components"]["schemas"].items()
        for field, schema in model["properties"].items()
        if field.endswith("At")
    }

    assert times == dict.fromkeys(["Me.createdAt", "Me.updatedAt", "NoteResponse.createdAt"], "date-time")


async def test_every_example_is_valid() -> None:
    fields = [field for model in SCHEMA["components"]["schemas"].values() for field in model["properties"].values()]
    examples = [(field, example) for field in fields for example in field.get("examples", [])]

    assert len(examples) >= 5
    assert [example for field, example in examples if not is_valid(field, example)] == []


async def test_the_docs_need_nobody_else_to_be_shown(api: httpx.AsyncClient) -> None:
    docs = await api.get("/docs")
    parts = re.findall(r'(?:src|href)="([^"]+)"', docs.text)

    assert docs.status_code == 200
    assert len(parts) == 6
    for part in parts:
        assert part.startswith("/docs/")
        assert (await api.get(part)).status_code == 200
    policy = docs.headers["content-security-policy"]
    assert "https:" not in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy


async def test_the_root_points_to_the_docs(api: httpx.AsyncClient) -> None:
    program = await api.get("/")
    browser = await api.get("/", headers={"accept": "text/html,*/*;q=0.8"})

    assert program.json() == {"docs": "/docs", "openapi": "/openapi.json"}
    assert (browser.status_code, browser.headers["location"]) == (302, "/docs")
    assert (await api.get(program.json()["openapi"])).json() == SCHEMA


async def test_the_document_begins_with_how_to_get_a_token() -> None:
    first, second = re.findall(r"(?m)^## (.+)$", SCHEMA["info"]["description"])

    assert (first, second) == ("Get a token", "Errors")
    assert f"{UNUSED.sidecar.cors_origin[0]}/api/auth/sign-in/email" in SCHEMA["info"]["description"]


async def test_an_operation_says_what_it_does_in_words_for_users() -> None:
    summaries = {operation["operationId"]: operation["summary"] for operation in EACH}

    assert summaries == {
        "readMe": "Show my profile",
        "readExternalAccount": "Show my account at the connected service",
        "listNotes": "List my notes",
        "createNote": "Add a note",
        "deleteNote": "Delete a note",
        "deleteAllNotes": "Delete all my notes",
    }
    assert [operation["operationId"] for operation in EACH if not operation["description"]] == []


async def test_production_shows_no_docs(config: Config) -> None:
    app = create_app(replace(config, service=ServiceSettings(app_env="production")))

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api") as api:
        for path in (
            "/",
            "/docs",
            "/openapi.json",
            "/docs/static/swagger-ui.css",
            "/docs/ours/docs.css",
            "/docs/ours/brand.css",
        ):
            assert (await api.get(path)).status_code == 404
