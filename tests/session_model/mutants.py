"""Each rule left out, in the smallest scenario in which that is found: there is a run in which a promise is broken."""

from dataclasses import dataclass, replace

from session_model.model import Model
from session_model.rules import PROTOCOL
from session_model.scenario import Scenario

HERE = Scenario("one server, one process", starts_at=(0,), losses=False)
BROKEN = replace(HERE, losses=True)
LEAVING = replace(HERE, bye=True)
MOVING = replace(HERE, reconnects=(1,), losses=True)
RETURNING = replace(HERE, reconnects=(1,), bye=True)
ASKING = replace(HERE, sessions_are_known=False)
ASKING_TWICE = replace(ASKING, reads=1, reconnects=(1,), bye=True)
BOTH = replace(HERE, starts_at=(0, 0))
BOTH_LEASED = replace(BOTH, leased=True)
THERE = Scenario("two servers, a process at the other", leases=(1, 1), starts_at=(1,), losses=False)
DYING = replace(THERE, may_die=frozenset({1}))
DEAF = replace(THERE, listen_losses=(1, 0))
LONGER_THERE = replace(THERE, leases=(1, 2))
FIRST_SERVICE = Scenario(
    "a service of the first version", leases=(2,), reconnects=(1,), first_version_services=frozenset({0})
)
FIRST_SERVER = Scenario(
    "a server of the first version", leases=(1, 1), starts_at=(1,), first_version_servers=frozenset({1})
)
EARLY = Scenario("a ping before hello", leases=(2,), reconnects=(1,), early_pings=True)
TWO_SESSIONS = replace(HERE, origins=(0, 0), leased=True)


@dataclass(frozen=True)
class Mutant:
    rule: int
    name: str
    left_out: str | None
    """A field of Rules; None: the scenario itself leaves it out."""
    scenario: Scenario

    @property
    def model(self) -> Model:
        return Model(self.scenario, replace(PROTOCOL, **{self.left_out: False}) if self.left_out else PROTOCOL)


MUTANTS = (
    Mutant(1, "an entry is used without a lease", "lease_is_needed", HERE),
    Mutant(1, "the lease is dated from the pong", "lease_from_ping", HERE),
    Mutant(
        1,
        "the service takes a longer lease than the server grants",
        "lease_of_granting_server",
        replace(HERE, longest=2),
    ),
    Mutant(2, "a statement under way serves a ping that came later", "statement_after_ping", BOTH),
    Mutant(2, "a server grants without a sign of life", "statement_is_sign_of_life", THERE),
    Mutant(2, "the sign of life goes over another connection", "sign_of_life_before_pong", THERE),
    Mutant(3, "an entry is as short as the lease", "entry_has_margin", HERE),
    Mutant(3, "the entry is written after the pong was sent", "entry_before_pong", HERE),
    Mutant(3, "a closed connection is off the list at once", "entry_outlives_close", BROKEN),
    Mutant(3, "connecting takes older entries off the list", "entry_outlives_connect", MOVING),
    Mutant(
        3,
        "`fresh` ends the entries of newer connections too",
        "fresh_ends_older_only",
        replace(MOVING, starts_at=(None,), reconnects=(2,)),
    ),
    Mutant(
        3,
        "two forked workers share `process`",
        "process_is_one_cache",
        replace(BOTH_LEASED, starts_at=(0, None), reconnects=(0, 1)),
    ),
    Mutant(4, "the lease outlives a new connection", "connecting_drops_lease", MOVING),
    Mutant(4, "the cache outlives a new connection", "connecting_empties_cache", MOVING),
    Mutant(4, "the cache is emptied before it is connected", "empties_once_connected", MOVING),
    Mutant(4, "`bye` leaves the lease in use", "bye_after_lease", LEAVING),
    Mutant(4, "a pong is taken after `bye`", "bye_takes_no_pong", LEAVING),
    Mutant(4, "`bye` ends all entries of the process", "bye_ends_own_entry_only", RETURNING),
    Mutant(5, "`synced` before the cache has forgotten", "synced_after_cache", HERE),
    Mutant(5, "`synced` before questions under way are marked", "synced_after_marks", ASKING),
    Mutant(5, "`sync` before the revocation", "sync_after_revocation", HERE),
    Mutant(5, "`synced` of one process counts for two", "synced_of_each_process", BOTH_LEASED),
    Mutant(6, "a member is remembered for the lease without its margin", "member_has_margin", THERE),
    Mutant(6, "a member whose row is missing is ignored", "missing_row_is_member", THERE),
    Mutant(6, "a member whose connection is missing is ignored", "missing_connection_is_member", DYING),
    Mutant(6, "a member that stops is forgotten", "stopped_is_member", DYING),
    Mutant(6, "a server starts again under its old id", "new_id_at_start", DYING),
    Mutant(6, "a newcomer trusts what it has not heard", "newcomer_waits", DEAF),
    Mutant(6, "a newcomer's wait counts from the sending of LISTEN", "newcomer_waits_from_listen", DEAF),
    Mutant(6, "a server keeps its members while it is deaf", "deaf_forgets_members", DEAF),
    Mutant(7, "the barrier is sent before the commit", "barrier_after_commit", HERE),
    Mutant(7, "a barrier that is being sent is shared", "shares_no_sent_barrier", TWO_SESSIONS),
    Mutant(7, "a server is done before its services are", "done_after_synced", HERE),
    Mutant(7, "a closed connection's entry counts as over", "closed_is_over_by_time", BROKEN),
    Mutant(8, "only the origin's own services are waited for", "waits_for_members", THERE),
    Mutant(8, "only other servers are waited for", "waits_for_itself", HERE),
    Mutant(8, "members are those of the moment in which the barrier is sent", "decided_when_heard", THERE),
    Mutant(8, "anybody's `done` counts for anybody", "done_once_for_each", replace(THERE, leases=(1, 1, 1))),
    Mutant(8, "`done` of one barrier counts for another", "done_of_own_barrier", TWO_SESSIONS),
    Mutant(9, "the answer waits for nobody", "waits_for_done", HERE),
    Mutant(9, "the origin waits for its own lease where a member's is longer", "waits_for_longest_lease", LONGER_THERE),
    Mutant(
        10, "its own lease is the wait of an origin that knows no members", "longest_until_barrier_heard", LONGER_THERE
    ),
    Mutant(10, "the longest lease allowed is shorter than a member's", None, replace(LONGER_THERE, longest=1)),
    Mutant(11, "a question under way is joined without a lease", "joins_under_lease", ASKING),
    Mutant(11, "a question of an older generation is joined", "joins_own_generation", ASKING_TWICE),
    Mutant(11, "an overtaken question is joined", "joins_untouched", ASKING),
    Mutant(12, "a response of an older generation is kept", "keeps_own_generation", ASKING_TWICE),
    Mutant(12, "an overtaken response is kept", "keeps_untouched", ASKING),
    Mutant(13, "a server that is deaf keeps its sockets", "deaf_closes_sockets", replace(HERE, listen_losses=(1,))),
    Mutant(13, "a server that is deaf forgets its list", "deaf_keeps_list", replace(THERE, listen_losses=(0, 1))),
    Mutant(14, "the service's clock stands still while it is suspended", "lease_counts_suspension", HERE),
    Mutant(15, "a service without `fresh` is not on the list", "lists_first_version", FIRST_SERVICE),
    Mutant(15, "a ping before `fresh` is worth a full lease", "short_until_fresh", EARLY),
    Mutant(15, "early answers beside a server of the first version", "held_by_time_beside_first_version", FIRST_SERVER),
    Mutant(
        15,
        "a long lease beside a server of the first version",
        None,
        replace(FIRST_SERVER, leases=(1, 2), first_version_servers=frozenset({0})),
    ),
)
