"""Something that answers like an auth server and a backend in one, from memory, and tells one lie."""

import contextlib
import json
import secrets
import threading
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from failover.addresses import reached_at
from stack.target import Stack


class StandIn:
    """`lie`: one of those named below, or none. It tells it from the moment in which `lies_now` is set."""

    def __init__(self, lie: str = "") -> None:
        self.lie = lie
        self.lies_now = False
        self._living: dict[str, str] = {}
        """Token to user."""
        self._ended: set[str] = set()

    def answer(self, path: str, token: str, body: dict[str, Any]) -> tuple[int, dict[str, Any], dict[str, str]]:
        lie = self.lie if self.lies_now else ""
        if lie == "is unavailable for ever":
            return 503, {}, {"retry-after": "1"}
        if lie == "does not say when to come again":
            return 503, {}, {}
        if path in ("/api/auth/session", "/api/me"):
            return self._who(token, lie), {}, {}
        if lie == "breaks down":
            return 500, {}, {}
        return self._act(path, token, body)

    def _who(self, token: str, lie: str) -> int:
        if token in self._ended:
            return 200 if lie == "accepts what has ended" else 401
        return 401 if lie == "refuses who is signed in" else 200

    def _act(self, path: str, token: str, body: dict[str, Any]) -> tuple[int, dict[str, Any], dict[str, str]]:
        if path.startswith(("/api/auth/sign-up", "/api/auth/sign-in")):
            new = f"{secrets.token_hex(8)}.signed"
            self._living[new] = body["email"]
            return 200, {"user": {"id": body["email"]}}, {"set-auth-token": new}
        if path == "/api/notes":
            return 201, {"id": secrets.token_hex(8)}, {}
        self._end(path, token, body)
        return 200, {}, {}

    def _end(self, path: str, token: str, body: dict[str, Any]) -> None:
        if path == "/api/auth/sign-out":
            ending = {token}
        elif path == "/api/auth/revoke-session":
            ending = {one for one in self._living if one.startswith(body["token"])}
        else:
            user = body.get("userId") or self._living[token]
            ending = {one for one, whose in self._living.items() if whose == user}
        self._ended |= ending


@contextlib.contextmanager
def serving(stand_in: StandIn) -> Generator[Stack]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._respond({})

        def do_POST(self) -> None:
            self._respond(json.loads(self.rfile.read(int(self.headers["content-length"]))))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of http.server
            """Not a word."""

        def _respond(self, given: dict[str, Any]) -> None:
            token = self.headers.get("authorization", "").removeprefix("Bearer ")
            status, body, headers = stand_in.answer(self.path, token, given)
            written = json.dumps(body).encode()
            self.send_response(status)
            for name, value in {**headers, "content-length": str(len(written))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(written)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.server_address[1]}"
        yield reached_at(url, url, url)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
