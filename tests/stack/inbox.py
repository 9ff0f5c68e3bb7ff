"""The stack's mail inbox: what has arrived for somebody."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx

from stack.target import Stack
from stack.waiting import eventually

SECONDS_TO_ARRIVE = 60


@dataclass(frozen=True)
class Mail:
    subject: str
    text: str
    html: str

    @property
    def link(self) -> str:
        found = re.search(r"http\S+#token=\S+", self.text)
        assert found, self.text
        return found[0]

    @property
    def token(self) -> str:
        return parse_qs(urlsplit(self.link).fragment)["token"][0]

    @property
    def code(self) -> str:
        found = re.search(r"^\d{6}$", self.text, re.MULTILINE)
        assert found, self.text
        return found[0]


def mails_to(stack: Stack, address: str) -> list[Mail]:
    """Oldest first."""
    with httpx.Client(base_url=f"{stack.mail_url}/api/v1", timeout=10, trust_env=False) as inbox:
        found = inbox.get("/search", params={"query": f"to:{address}"}).raise_for_status().json()["messages"]
        read = [inbox.get(f"/message/{mail['ID']}").raise_for_status().json() for mail in reversed(found)]
    return [Mail(mail["Subject"], mail["Text"], mail["HTML"]) for mail in read]


def mail_to(stack: Stack, address: str, count: int = 1, within_seconds: float = SECONDS_TO_ARRIVE) -> Mail:
    """The nth one, when it is there."""
    return eventually(lambda: mails_to(stack, address)[count - 1 : count], within_seconds)[0]
