"""Services that visitors reach, without a stack around them."""

import secrets

from stack.target import Stack

ORIGIN = "https://app.acme.org"
SECRETS = {"BETTER_AUTH_SECRET": secrets.token_hex(32), "INTERNAL_TOKEN": secrets.token_hex(32)}


def reached_at(auth_url: str, internal_url: str, api_url: str) -> Stack:
    """As visitors need it: no database, and nothing to control it with."""
    return Stack(
        mode="failover",
        auth_url=auth_url,
        api_url=api_url,
        frontend_url=ORIGIN,
        mail_url="",
        smtp_url="",
        provider_url="",
        secret=SECRETS["BETTER_AUTH_SECRET"],
        internal_token=SECRETS["INTERNAL_TOKEN"],
        auth_internal_url=internal_url,
        database_admin_url="",
        database_url="",
        backend_database_url="",
        backend_migration_database_url="",
        control=(),
    )
