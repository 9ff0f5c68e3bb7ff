"""Who delivers a mail: any auth server on the database, also where another one was killed with it."""

import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from stack.inbox import mail_to, mails_to
from stack.processes import Command
from stack.replica import auth_server
from stack.target import Stack, literal
from stack.users import sign_up
from stack.visitors import Browser, User
from stack.waiting import eventually

pytestmark = pytest.mark.embedded


@pytest.fixture
def silent_mail_server() -> Iterator[str]:
    """Takes connections and says nothing."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield f"smtp://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.usefixtures("recovered_afterwards")
def test_a_mail_outlives_the_server_that_was_killed_with_it(
    stack: Stack, built_auth_server: Command, silent_mail_server: str, tmp_path: Path, user: User
) -> None:
    sign_up(Browser(stack), user)
    settings = {"SMTP_URL": silent_mail_server, "MAIL_FROM": "no-reply@example.com"}
    doomed, _ = auth_server(stack, built_auth_server, tmp_path / "log", **settings)
    doomed.start()
    mine = f"WHERE recipient = {literal(user.email)}"
    # Else the stack's own might look into the outbox first.
    stack.pause("auth-server")
    try:
        Browser(stack).request(
            "POST", f"{doomed.url}/api/auth/request-password-reset", json={"email": user.email}
        ).raise_for_status()
        eventually(lambda: stack.sql(f'SELECT 1 FROM "mailOutbox" {mine} AND attempts = 1'), within_seconds=60)
        doomed.kill()
    finally:
        stack.resume("auth-server")

    # Its claim lasts for minutes; nobody waits for them here.
    stack.sql(f'UPDATE "mailOutbox" SET "nextAttemptAt" = now() {mine}')

    assert mail_to(stack, user.email, within_seconds=60).subject == "Choose a new password"
    eventually(lambda: not stack.sql(f'SELECT 1 FROM "mailOutbox" {mine}'), within_seconds=60)
    assert len(mails_to(stack, user.email)) == 1
