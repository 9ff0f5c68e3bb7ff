"""JSON of which there are no two readings: what another parser would understand differently is refused."""

import json
from typing import NoReturn, cast


def parse_object(body: bytes) -> dict[str, object]:
    """The object in `body`, UTF-8 without a byte order mark. ValueError for everything else.

    Python's parser takes NaN and Infinity, which are not JSON (RFC 8259 §6), and the last of two equal names (§4),
    where others take the first.
    """
    text = body.decode("utf-8")
    try:
        document: object = json.loads(text, object_pairs_hook=_to_dict, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(document, dict):
        raise ValueError("not an object")  # noqa: TRY004 - it is what was received that is wrong
    return cast("dict[str, object]", document)


def _to_dict(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name that occurs twice")
    return members


def _refuse_constant(_name: str) -> NoReturn:
    raise ValueError("a number that is none")
