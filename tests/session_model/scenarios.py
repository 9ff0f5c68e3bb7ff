"""The worlds in which the protocol is searched: small ones in every run, large ones by `make staleness`."""

from dataclasses import replace

from session_model.scenario import Scenario

ONE = Scenario("one server, one process", starts_at=(0,), losses=False)
TWO_PROCESSES = replace(ONE, name="two processes", starts_at=(0, 0))
MEMBER = Scenario("a process at another server", leases=(1, 1), starts_at=(1,), losses=False)
LONGER_THERE = replace(MEMBER, name="a longer lease at the other server", leases=(1, 2))
FIRST_SERVICE = Scenario(
    "a service of the first version", leases=(2,), reconnects=(1,), first_version_services=frozenset({0})
)
FIRST_SERVER = Scenario(
    "a server of the first version, lease of 50 ms", leases=(1, 1), starts_at=(1,), first_version_servers=frozenset({1})
)
EARLY_PING = Scenario("a ping before hello", leases=(2,), reconnects=(1,), early_pings=True)

SMALL = (
    replace(ONE, name="one server, LISTEN and connections lost", losses=True, bye=True, listen_losses=(1,)),
    replace(ONE, name="questions", sessions_are_known=False),
    replace(ONE, name="questions about a session that SQL ends", sessions_are_known=False, origins=(None,)),
    replace(ONE, name="a process reconnects", reconnects=(1,), losses=True),
    replace(ONE, name="a lease of two ticks", leases=(2,), losses=True),
    replace(TWO_PROCESSES, leased=True, losses=True, name="two processes with leases"),
    replace(ONE, name="two sessions, one ended by SQL", origins=(0, None)),
    replace(ONE, name="two barriers at once", origins=(0, 0), leased=True, losses=True),
    replace(MEMBER, name="a member is killed", may_die=frozenset({1})),
    replace(MEMBER, name="the origin loses LISTEN", listen_losses=(1, 0), leased=True),
    replace(MEMBER, name="a member loses LISTEN", listen_losses=(0, 1), leased=True, losses=True),
    replace(MEMBER, name="the servers' clocks stop", clocks_of_servers_stop=True),
    replace(LONGER_THERE, leased=True, losses=True),
    replace(MEMBER, name="a third server", leases=(1, 1, 1), starts_at=(2,), leased=True, may_die=frozenset({1, 2})),
    FIRST_SERVICE,
    FIRST_SERVER,
    replace(FIRST_SERVER, name="the first version ends a session", first_version_servers=frozenset({0})),
    EARLY_PING,
)

LARGE = (
    replace(
        ONE, name="questions, LISTEN and connections lost", sessions_are_known=False, losses=True, listen_losses=(1,)
    ),
    replace(ONE, name="questions over two connections", sessions_are_known=False, reconnects=(1,), losses=True),
    replace(ONE, name="questions of three reads", sessions_are_known=False, reconnects=(1,), bye=True, reads=3),
    replace(ONE, name="a process says bye and returns", reconnects=(1,), losses=True, bye=True, listen_losses=(1,)),
    TWO_PROCESSES,
    replace(MEMBER, name="a process moves to another server", starts_at=(0,), reconnects=(1,), goes_to=(1,), bye=True),
    replace(MEMBER, name="a process moves to the origin", reconnects=(1,), goes_to=(0,), bye=True),
    replace(MEMBER, name="both servers lose LISTEN", listen_losses=(1, 1)),
    replace(
        MEMBER, name="a member is killed or loses LISTEN", listen_losses=(0, 1), may_die=frozenset({1}), losses=True
    ),
    replace(MEMBER, name="a server starts", unborn=frozenset({1}), starts_at=(None,), reconnects=(1,), goes_to=(1,)),
    replace(MEMBER, name="the origin starts", unborn=frozenset({0})),
    replace(MEMBER, name="two origins", origins=(0, 1), leased=True),
    replace(MEMBER, name="a process at each server", starts_at=(0, 1), leased=True, losses=True),
    LONGER_THERE,
    replace(LONGER_THERE, name="a longer lease at the origin", leases=(2, 1)),
    replace(MEMBER, name="a third server with pings", leases=(1, 1, 1), starts_at=(2,)),
    replace(MEMBER, name="a third server loses LISTEN", leases=(1, 1, 1), starts_at=(2,), listen_losses=(0, 0, 1)),
    replace(MEMBER, name="a lease of two ticks at another server", leases=(2, 2), may_die=frozenset({1})),
)
