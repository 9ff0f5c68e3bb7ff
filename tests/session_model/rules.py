"""The rules of the protocol, numbered as in decision 0067. Each can be left out, and is in one of the mutants."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rules:
    # 1: the lease
    lease_is_needed: bool = True
    lease_from_ping: bool = True
    lease_of_granting_server: bool = True
    """Not one tick longer, whatever the service would like."""
    # 2: the statement
    statement_after_ping: bool = True
    statement_is_sign_of_life: bool = True
    sign_of_life_before_pong: bool = True
    """Over the LISTEN connection; otherwise it is sent over another one, whenever it comes to that."""
    # 3: the list
    entry_has_margin: bool = True
    entry_before_pong: bool = True
    entry_outlives_close: bool = True
    entry_outlives_connect: bool = True
    fresh_ends_older_only: bool = True
    process_is_one_cache: bool = True
    """Otherwise two workers were given the same `process` before they forked."""
    # 4: connecting and leaving
    connecting_drops_lease: bool = True
    connecting_empties_cache: bool = True
    empties_once_connected: bool = True
    bye_after_lease: bool = True
    bye_takes_no_pong: bool = True
    bye_ends_own_entry_only: bool = True
    # 5: sync
    synced_after_cache: bool = True
    synced_after_marks: bool = True
    sync_after_revocation: bool = True
    synced_of_each_process: bool = True
    # 6: members
    member_has_margin: bool = True
    missing_row_is_member: bool = True
    missing_connection_is_member: bool = True
    stopped_is_member: bool = True
    new_id_at_start: bool = True
    newcomer_waits: bool = True
    newcomer_waits_from_listen: bool = True
    deaf_forgets_members: bool = True
    # 7: the barrier
    barrier_after_commit: bool = True
    shares_no_sent_barrier: bool = True
    done_after_synced: bool = True
    closed_is_over_by_time: bool = True
    # 8: who is waited for
    waits_for_members: bool = True
    waits_for_itself: bool = True
    decided_when_heard: bool = True
    done_once_for_each: bool = True
    done_of_own_barrier: bool = True
    # 9: the answer
    waits_for_done: bool = True
    waits_for_longest_lease: bool = True
    # 10: the longest lease allowed
    longest_until_barrier_heard: bool = True
    # 11: joining
    joins_under_lease: bool = True
    joins_own_generation: bool = True
    joins_untouched: bool = True
    # 12: keeping
    keeps_own_generation: bool = True
    keeps_untouched: bool = True
    # 13: a server that loses LISTEN
    deaf_closes_sockets: bool = True
    deaf_keeps_list: bool = True
    # 14: clocks
    lease_counts_suspension: bool = True
    # 15: versions
    lists_first_version: bool = True
    held_by_time_beside_first_version: bool = True
    short_until_fresh: bool = True


PROTOCOL = Rules()
