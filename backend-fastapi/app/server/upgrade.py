"""Requests that ask for another protocol, read as what they are besides: ordinary requests."""

import httptools

_ABOUT_UPGRADE = (b"upgrade", b"http2-settings")


def new_parser(protocol: object) -> httptools.HttpRequestParser:
    """As uvicorn makes it: a client may send its next request behind one with `Connection: close`."""
    parser = httptools.HttpRequestParser(protocol)
    parser.set_dangerous_leniencies(lenient_data_after_close=True)
    return parser


def ordinary_head(
    parser: httptools.HttpRequestParser, target: bytes, headers: list[tuple[bytes, bytes]]
) -> bytes | None:
    """The head that was just parsed, without what asks for another protocol; None for CONNECT, which is only that.

    Names and values come from the parser, which has refused every byte that could end a line.
    """
    if parser.get_method() == b"CONNECT":
        return None
    lines = [b"%s %s HTTP/%s" % (parser.get_method(), target, parser.get_http_version().encode("ascii"))]
    for name, value in headers:
        if name == b"connection":
            lines.append(b"connection: " + _without_upgrade(value))
        elif name not in _ABOUT_UPGRADE:
            lines.append(name + b": " + value)
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _without_upgrade(connection: bytes) -> bytes:
    options = (option.strip() for option in connection.split(b","))
    return b", ".join(option for option in options if option.lower() not in _ABOUT_UPGRADE)
