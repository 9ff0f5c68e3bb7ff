"""What production refuses. The secrets are contract/weak-secrets.json, which the auth server is tested with too."""

import pytest

from app.production import production_errors
from tests.support.contract import read_contract

EXAMPLES = read_contract("weak-secrets")
RULES = {"short": "is too short", "phrase": "looks like a default or a phrase", "regular": "is too regular"}


def errors_of(secret: str, origins: str = "https://app.acme.org") -> list[str]:
    return production_errors({"INTERNAL_TOKEN": secret, "CORS_ORIGIN": origins})


@pytest.mark.parametrize(
    ("secret", "rule"), [(secret, rule) for kind, rule in RULES.items() for secret in EXAMPLES["refused"][kind]]
)
def test_production_refuses_a_weak_secret_and_says_why(secret: str, rule: str) -> None:
    assert [fault.startswith(f"INTERNAL_TOKEN {rule}") for fault in errors_of(secret)] == [True]


@pytest.mark.parametrize("secret", EXAMPLES["accepted"])
def test_production_accepts_a_random_secret(secret: str) -> None:
    assert errors_of(secret) == []


@pytest.mark.parametrize("origins", ["", ",", "https://app.acme.org,", "https://app.acme.org, http://acme.org"])
def test_production_accepts_nothing_but_https_origins(origins: str) -> None:
    assert [fault.split()[0] for fault in errors_of(EXAMPLES["accepted"][0], origins)] == ["CORS_ORIGIN"]
