"""What /docs of the backend begins with works as it stands there."""

import re
from pathlib import Path

import httpx

from documents.shell import at_stack, open_shell
from stack.target import Stack
from stack.visitors import Browser, User


def test_the_commands_give_a_token_that_the_api_accepts(stack: Stack, tmp_path: Path) -> None:
    user = User()
    Browser(stack).sign_up(user).raise_for_status()
    (tmp_path / ".env").write_text(f"DEMO_EMAIL={user.email}\nDEMO_PASSWORD='{user.password}'\n")
    description: str = httpx.get(f"{stack.api_url}/openapi.json").json()["info"]["description"]
    (commands,) = re.findall(r"(?s)```sh\n(.+?)```", description)

    token, _ = open_shell(tmp_path).run(at_stack(stack, commands))

    me = httpx.get(f"{stack.api_url}/api/me", headers={"authorization": f"Bearer {token.strip()}"})
    assert me.json()["email"] == user.email
