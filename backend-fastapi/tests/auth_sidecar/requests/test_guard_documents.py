"""What require() makes a route refuse is in the OpenAPI document."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from auth_sidecar import AuthSidecar, CurrentUser, auth_responses, document_requirements, require
from tests.auth_sidecar.requests.guarded_service import OF_EVERY_KIND, Role, create_service
from tests.support.example_service import running

DOCUMENTED = [path for path in OF_EVERY_KIND if path not in ("/mounted/", "/in-middleware")]
ERROR = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorBody"}}}


@pytest.fixture
def app(auth: AuthSidecar) -> FastAPI:
    return create_service(auth)


def operation(app: FastAPI, path: str, method: str = "get") -> dict[str, Any]:
    return app.openapi()["paths"][path][method]


async def test_a_document_says_what_is_required_and_how_it_is_refused(app: FastAPI) -> None:
    document_requirements(app)

    documented = operation(app, "/all")

    assert documented == {
        "summary": "User Id",
        "operationId": documented["operationId"],
        "description": (
            "Requires the role auditor, a verified e-mail address, a second factor and a sign-in within the last "
            "10 minutes."
        ),
        "security": [{"bearer": []}, {"sessionCookie": []}],
        "responses": {
            "200": {
                "description": "Successful Response",
                "content": {"application/json": {"schema": {"type": "string", "title": documented_title(documented)}}},
            },
            "401": {
                "description": auth_responses[401]["description"],
                "headers": auth_responses[401]["headers"],
                "content": ERROR,
            },
            "403": {
                "description": (
                    "`ROLE_REQUIRED`: This is not for you.\n\n"
                    "`EMAIL_NOT_VERIFIED`: Verify your e-mail address first.\n\n"
                    "`SECOND_FACTOR_REQUIRED`: Sign in with a second factor first.\n\n"
                    "`SESSION_NOT_FRESH`: Sign in again to do this."
                ),
                "content": ERROR,
            },
            "503": {
                "description": auth_responses[503]["description"],
                "headers": auth_responses[503]["headers"],
                "content": ERROR,
            },
        },
    }
    assert set(app.openapi()["components"]["schemas"]["ErrorBody"]["properties"]) == {"code", "message"}


def documented_title(documented: dict[str, Any]) -> str:
    """FastAPI's own."""
    return documented["responses"]["200"]["content"]["application/json"]["schema"]["title"]


@pytest.mark.parametrize("path", DOCUMENTED)
async def test_every_way_to_require_it_is_documented(app: FastAPI, path: str) -> None:
    document_requirements(app)

    assert operation(app, path)["description"].endswith("Requires a verified e-mail address.")
    assert "EMAIL_NOT_VERIFIED" in operation(app, path)["responses"]["403"]["description"]


async def test_a_route_that_requires_nothing_is_left_alone(app: FastAPI) -> None:
    document_requirements(app)

    for path in ("/nothing", "/in-middleware"):
        assert set(operation(app, path)["responses"]) == {"200"}
        assert "description" not in operation(app, path)


async def test_the_document_of_a_running_app_says_it_and_that_of_a_mounted_one(app: FastAPI) -> None:
    async with running(app) as client:
        document, mounted = [(await client.get(path)).json() for path in ("/openapi.json", "/mounted/openapi.json")]

    assert document["paths"]["/route"]["get"]["description"] == "Requires a verified e-mail address."
    assert mounted["paths"]["/"]["get"]["description"] == "Requires a verified e-mail address."


async def test_whatever_is_called_twice_is_said_once(app: FastAPI) -> None:
    document_requirements(app)
    document_requirements(app)
    first = app.openapi()
    async with running(app), running_again(app) as client:
        second = (await client.get("/openapi.json")).json()

    assert second == first == app.openapi()
    assert first["paths"]["/route"]["get"]["description"].count("Requires") == 1


def running_again(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api")


async def test_what_the_route_says_itself_stays(auth: AuthSidecar) -> None:
    app = FastAPI(lifespan=auth.lifespan)
    router = APIRouter(prefix="/orders", responses=auth_responses)

    @router.post("", dependencies=[Depends(require(verified=True)), Depends(require(fresh=timedelta(hours=1)))])
    async def order(user: CurrentUser) -> str:
        """Orders it."""
        return user.id

    app.include_router(router)
    plain = get_openapi(title="", version="", routes=app.routes)["paths"]["/orders"]["post"]
    document_requirements(app)
    documented = operation(app, "/orders", "post")

    assert documented["description"] == (
        "Orders it.\n\nRequires a verified e-mail address and a sign-in within the last hour."
    )
    assert documented["responses"]["403"] == {
        **plain["responses"]["403"],
        "description": (
            "The session cookie came from another site's page.\n\n"
            "`EMAIL_NOT_VERIFIED`: Verify your e-mail address first.\n\n"
            "`SESSION_NOT_FRESH`: Sign in again to do this."
        ),
    }
    assert {**documented["responses"], "403": None} == {**plain["responses"], "403": None}
    assert documented["security"] == plain["security"]


async def test_a_document_of_the_services_own_making_says_it_too(app: FastAPI) -> None:
    def openapi() -> dict[str, Any]:
        return get_openapi(title="own", version="1", routes=app.routes)

    setattr(app, "openapi", openapi)  # noqa: B010 - as FastAPI's documentation has it
    document_requirements(app)

    for _ in range(2):
        assert app.openapi()["info"]["title"] == "own"
        assert operation(app, "/route")["description"] == "Requires a verified e-mail address."


class ErrorBody(BaseModel):
    """Not ours."""

    problem: str


async def test_a_model_of_the_services_own_that_has_the_same_name_stays_its_own(auth: AuthSidecar) -> None:
    app = FastAPI(lifespan=auth.lifespan)

    @app.get("/", responses={400: {"model": ErrorBody}}, dependencies=[Depends(require(Role("admin")))])
    async def root() -> str:
        return ""

    document_requirements(app)

    refused = operation(app, "/")["responses"]["403"]["content"]["application/json"]["schema"]
    assert set(refused["properties"]) == {"code", "message"}
    assert set(app.openapi()["components"]["schemas"]["ErrorBody"]["properties"]) == {"problem"}


async def test_an_app_that_hides_its_document_still_works(auth: AuthSidecar) -> None:
    app = FastAPI(lifespan=auth.lifespan, openapi_url=None)
    app.add_api_route("/", lambda: "", include_in_schema=False, dependencies=[Depends(require(verified=True))])

    async with running(app) as client:
        assert (await client.get("/")).status_code == 401
    assert app.openapi()["paths"] == {}
