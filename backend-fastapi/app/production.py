"""What development accepts and production refuses. Reads raw values, so these errors are listed with all others."""

import itertools
import math
import re
from collections import Counter
from collections.abc import Mapping

_TELLTALE = re.compile(
    r"secret|password|passwd|changeme|change[-_]|default|example|better-?auth|sidecar|insecure|qwerty|placeholder"
    r"|internal",
    re.IGNORECASE,
)
_HTTPS_ORIGIN = re.compile(r"https://[^*]+", re.IGNORECASE)
_HINT = "(openssl rand -hex 32)"
_MIN_LENGTH = 32
_MIN_ENTROPY_BITS = 80  # of a million times 32 random hex digits the minimum by this estimate was 90
_MAX_RUNS = 0.7  # 32 random hex digits come to 0.5 now and then


def production_errors(given: Mapping[str, str]) -> list[str]:
    """The same rules as auth-server/src/env-production.ts, so that one .env passes in both or in neither.

    Both are tested with contract/weak-secrets.json.
    """
    errors: list[str] = []
    weakness = _weakness(given.get("INTERNAL_TOKEN", ""))
    if weakness is not None:
        errors.append(f"INTERNAL_TOKEN {weakness}")
    origins = [part.strip() for part in given.get("CORS_ORIGIN", "").split(",")]
    if not all(map(_HTTPS_ORIGIN.fullmatch, origins)):
        errors.append("CORS_ORIGIN must be set to https origins in production, without wildcards")
    return errors


def _weakness(secret: str) -> str | None:
    if not secret:
        return None  # that it is missing is another error
    if len(secret) < _MIN_LENGTH:
        return f"is too short: {_MIN_LENGTH} random characters at least {_HINT}"
    if _TELLTALE.search(secret):
        return f"looks like a default or a phrase: use a random one {_HINT}"
    if _is_guessable(secret):
        return f"is too regular to be random {_HINT}"
    return None


def _is_guessable(secret: str) -> bool:
    """Repetition and runs (abcd, 9876, aaaa) defeat an estimate by letter frequency alone, so they come first."""
    is_periodic = (secret + secret).index(secret, 1) < len(secret)
    steps = sum(abs(ord(one) - ord(next_one)) <= 1 for one, next_one in itertools.pairwise(secret))
    return is_periodic or steps / (len(secret) - 1) > _MAX_RUNS or _entropy_bits(secret) < _MIN_ENTROPY_BITS


def _entropy_bits(secret: str) -> float:
    return sum(-count * math.log2(count / len(secret)) for count in Counter(secret).values())
