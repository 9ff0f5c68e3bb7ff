"""Behind a proxy that strips a prefix: the service as it is seen from outside."""

import re

import httpx
import pytest
from pydantic import ValidationError

from app.config import ServiceSettings
from tests.support.fake_auth_server import SignUp
from tests.support.process import serving

PREFIX = "/teams/backend"


async def through_proxy(api: httpx.AsyncClient, address: str, **headers: str) -> httpx.Response:
    """As a browser asks for it; the proxy takes the prefix away."""
    assert address.startswith(f"{PREFIX}/")
    return await api.get(address.removeprefix(PREFIX), headers=headers)


@pytest.mark.parametrize("command", ["BACKEND_ROOT_PATH", "uvicorn --root-path"])
async def test_routes_and_docs_are_found(environment: dict[str, str], sign_up: SignUp, command: str) -> None:
    ada = sign_up()
    uvicorn = ["uvicorn", "app.asgi:app", "--port", environment["BACKEND_PORT"], "--root-path", PREFIX]
    ours = command == "BACKEND_ROOT_PATH"
    prefixed = {**environment, "BACKEND_ROOT_PATH": PREFIX} if ours else environment
    async with serving(prefixed, *(["app"] if ours else uvicorn)) as (_, api):
        assert (await through_proxy(api, f"{PREFIX}/api/me", **ada.bearer)).status_code == 200
        assert (await through_proxy(api, f"{PREFIX}/api/me")).json()["code"] == "SESSION_REQUIRED"
        assert (await through_proxy(api, f"{PREFIX}/nothing")).json()["code"] == "NOT_FOUND"

        docs = await through_proxy(api, f"{PREFIX}/docs")
        parts = re.findall(r'(?:src|href)="([^"]+)"', docs.text)
        assert len(parts) == 6
        for part in parts:
            assert (await through_proxy(api, part)).status_code == 200
        assert "script-src 'self'" in docs.headers["content-security-policy"]

        assert (await through_proxy(api, f"{PREFIX}/", accept="text/html")).headers["location"] == f"{PREFIX}/docs"
        (document,) = re.findall(r'data-openapi="([^"]+)"', docs.text)
        openapi = await through_proxy(api, document)
        assert openapi.json()["servers"] == [{"url": PREFIX}]
        assert openapi.json()["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
        assert openapi.headers["content-security-policy"].startswith("default-src 'none'")


WRONG = ["api", "/", "/api/", "//evil.example", "https://evil.example", "/a b", "/a?b", "/a\n"]


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_prefix_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError, match="must be a path such as /backend"):
        ServiceSettings(backend_root_path=wrong)
