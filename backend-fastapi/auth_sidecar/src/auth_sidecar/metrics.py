"""What this package counts, for whatever collects metrics in a service."""

from typing import NamedTuple

_PREFIX = "auth_sidecar_"


class Metrics(NamedTuple):
    """Of this process, as of now. What ends in `total` only grows."""

    PROMETHEUS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

    cache_hits_total: int
    """Requests that were answered from the cache."""
    cache_misses_total: int
    """Requests for whose credential nothing usable was kept."""
    cache_lease_misses_total: int
    """Requests for whose credential an answer was kept, but the lease had run out."""
    cache_evictions_total: int
    """Sessions that were forgotten for want of room."""
    cache_entries: int
    """Sessions that are kept."""
    lease_age_seconds: float
    """Since the last ping that was answered was sent: below 0.05 cached answers may be used. +Inf without a feed."""
    feed_connected: int
    """1 while ended sessions are heard of. At 0 every request asks the auth server."""
    feed_connections_total: int
    """Connections to the feed, the first one included."""
    feed_revocations_total: int
    """Revocations heard: ids of sessions and users."""
    feed_flushes_total: int
    """Times that everything had to be forgotten because the feed said so."""
    breaker_open: int
    """1 while requests that would have to ask are turned away, because the auth server was away a moment ago."""
    breaker_opened_total: int
    """Times that this began."""
    stale_answers_total: int
    """Requests that were answered under SIDECAR_STALE_GRACE_SECONDS."""
    watched_sessions: int
    """Streams and WebSockets that wait to be told that their session has ended."""

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
