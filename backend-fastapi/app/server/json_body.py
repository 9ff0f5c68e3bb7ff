"""JSON as one unambiguous value: what parsers disagree on, or PostgreSQL cannot store, is refused on every route.

The same rules as in the auth server's src/http/json-object.ts.
"""

import json
import math
import re
from typing import Any, Never, cast

from app.errors import InvalidJson, UnsupportedMediaType

MAX_DEPTH = 8

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_CHARSETS = ("utf-8", "utf8")
_PARAMETER = re.compile(r'\s*(?:([!#-\'*+.^`|~\w-]+)=("?)([!#-\'*+.^`|~\w/ -]*)\2)?\s*', re.ASCII)


def is_json(content_type: str) -> bool:
    """Whether FastAPI would read the body as JSON: it takes `application/<anything>+json` for that, too."""
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type.startswith("application/") and media_type.endswith(("/json", "+json"))


def check_content_type(content_type: str) -> None:
    """Raises UnsupportedMediaType unless it is plain JSON in UTF-8. Parameters that JSON does not have are ignored."""
    media_type, *parameters = content_type.split(";")
    if media_type.strip().lower() != "application/json":
        raise UnsupportedMediaType
    for parameter in parameters:
        read = _PARAMETER.fullmatch(parameter)
        if read is None or ((read[1] or "").lower() == "charset" and read[3].lower() not in _CHARSETS):
            raise UnsupportedMediaType


def check_json(body: bytes) -> None:
    """Raises InvalidJson. Nothing is kept: the route reads the same bytes, and there is one way to read them."""
    if b"\0" in body:  # by these json.loads guesses UTF-16; JSON in UTF-8 has none (RFC 8259 §8.1)
        raise InvalidJson
    try:
        text = body.decode("utf-8-sig")
        value = json.loads(
            text, parse_constant=_refuse, parse_float=_finite, object_pairs_hook=_object_with_distinct_names
        )
    except (ValueError, RecursionError) as error:
        raise InvalidJson from error
    _inspect(value, 0)


def _refuse(_constant: str) -> Never:
    raise ValueError  # NaN, Infinity and -Infinity are Python's, not JSON's


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError
    return number


def _object_with_distinct_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError
    return value


def _inspect(value: object, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise InvalidJson
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, dict):
        for name, member in cast("dict[str, object]", value).items():
            _check_text(name)
            _inspect(member, depth + 1)
    elif isinstance(value, list):
        for member in cast("list[object]", value):
            _inspect(member, depth + 1)


def _check_text(text: str) -> None:
    """NUL cannot be stored as text in PostgreSQL; half a surrogate pair cannot be written as UTF-8."""
    if "\0" in text or _LONE_SURROGATE.search(text):
        raise InvalidJson
