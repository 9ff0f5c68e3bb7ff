"""What this package counts, for whatever collects metrics in a service."""

from typing import NamedTuple

_PREFIX = "auth_sidecar_"


class Metrics(NamedTuple):
    """The counters of this process. What ends in `total` only grows."""

    PROMETHEUS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

    cache_hits_total: int
    """Checks from the cache."""
    cache_misses_total: int
    """Checks without a usable entry."""
    cache_lease_misses_total: int
    """Checks with an entry whose lease had run out."""
    cache_evictions_total: int
    """Entries that were dropped because the cache was full."""
    cache_entries: int
    """Cached sessions."""
    lease_age_seconds: float
    """Since the last ping with a pong was sent: below `lease_seconds` cached entries may be used. +Inf before it."""
    lease_seconds: float
    """How long the last lease lasts, as the auth server has told."""
    feed_connected: int
    """1 while the feed is connected. At 0 every check asks the auth server, once the last lease has run out."""
    feed_connections_total: int
    """Connections to the feed, the first one included."""
    feed_pings_total: int
    """Pings sent: at the default lease one a second while there are requests, and none a minute after the last one."""
    feed_revocations_total: int
    """Revocations received: ids of sessions and users."""
    feed_flushes_total: int
    """Flushes received: everything is revoked."""
    breaker_open: int
    """1 while checks are refused because the auth server was unavailable a moment ago."""
    breaker_opened_total: int
    """Times that the breaker opened."""
    stale_answers_total: int
    """Checks from the cache under SIDECAR_STALE_GRACE_SECONDS."""
    old_tokens_accepted_total: int
    """Checks that found a user behind a token of an old system, cached ones included."""
    old_tokens_refused_total: int
    """Tokens of an old system that the auth server refused; it counts by reason (`old_tokens_total`)."""
    watched_sessions: int
    """Open streams and WebSockets that wait for the end of their session."""

    def to_prometheus(self) -> str:
        """In Prometheus' text format; the content type is PROMETHEUS_CONTENT_TYPE."""
        return "".join(
            f"# TYPE {_PREFIX}{name} {_kind(name)}\n{_PREFIX}{name} {_number(value)}\n"
            for name, value in self._asdict().items()
        )


def _kind(name: str) -> str:
    return "counter" if name.endswith("_total") else "gauge"


def _number(value: float) -> str:
    return "+Inf" if value == float("inf") else repr(value)
