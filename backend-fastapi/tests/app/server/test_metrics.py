"""GET /health/metrics stands on a public port: it is there for whoever has the internal token, and for nobody else."""

import httpx
import pytest

from tests.support.fake_auth_server import INTERNAL_TOKEN, SignUp


async def test_the_operator_reads_what_the_cache_did(api: httpx.AsyncClient, sign_up: SignUp) -> None:
    await api.get("/api/me", headers=sign_up().bearer)

    response = await api.get("/health/metrics", headers={"x-internal-token": INTERNAL_TOKEN})

    assert response.status_code == 200
    assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "\nauth_sidecar_cache_misses_total 1\n" in response.text


@pytest.mark.parametrize("token", ["", "wrong", INTERNAL_TOKEN[:-1], f"{INTERNAL_TOKEN}0", "ä"])
async def test_for_others_there_is_nothing(api: httpx.AsyncClient, token: str) -> None:
    response = await api.get("/health/metrics", headers={b"x-internal-token": token.encode("latin-1")})

    assert (response.status_code, response.json()["code"]) == (404, "NOT_FOUND")
