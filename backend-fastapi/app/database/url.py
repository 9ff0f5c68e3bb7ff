"""A database URL as any provider writes it, as libpq takes it."""

import re
from urllib.parse import urlsplit, urlunsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

# Written for other drivers (node-postgres, Prisma, SQLAlchemy); libpq refuses a URL with names it does not know.
_FOREIGN = frozenset(
    {"pgbouncer", "schema", "connection_limit", "pool_timeout", "uselibpqcompat", "statement_cache_size"}
)
_SCHEME = re.compile(r"^postgres(?:ql)?(?:\+[a-z0-9_]+)?://")
_RULE = "must be a URL of the form postgres://user:password@host:port/database"


def to_conninfo(url: str) -> dict[str, str]:
    """libpq's parameters. Raises ValueError, without the value, for what is no URL of a PostgreSQL database."""
    if not _SCHEME.match(url):
        raise ValueError(_RULE)
    try:
        given = conninfo_to_dict(_without_foreign(_SCHEME.sub("postgresql://", url)))
    except (ProgrammingError, ValueError):
        raise ValueError(_RULE) from None
    conninfo = {name: str(value) for name, value in given.items() if value is not None}
    if "dbname" not in conninfo:
        raise ValueError(_RULE)
    if conninfo.get("sslmode") == "no-verify":  # node-postgres's word for it
        conninfo["sslmode"] = "require"
    return conninfo


def _without_foreign(url: str) -> str:
    parts = urlsplit(url)
    pairs = [pair for pair in parts.query.split("&") if pair.partition("=")[0].lower() not in _FOREIGN]
    return urlunsplit(parts._replace(query="&".join(pairs)))
