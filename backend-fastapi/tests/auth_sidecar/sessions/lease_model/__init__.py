"""The lease protocol of the session cache (docs/session-cache.md), small enough to look at every run of it.

One session, which ends once; one service; one auth server. Whatever else can happen happens at any moment and as often
as it likes: requests, reads, messages, a lost connection, a long pause of anything.

Where it is simpler than the real thing, it allows as much or more:

- Time is counted in ticks. A span that is shorter than LEASE ticks may meet LEASE of them, so an age of LEASE is young.
- There is one ask at a time. Asks do not look at each other: from a run that breaks a promise, all can be left out but
  the one whose response was used.
- Generations have no numbers. All that counts of an ask's is whether it is still the current one.
- A lost connection loses what was on its way. If something arrived all the same, then the loss might have come later.
- The service may ping, and ask again, whenever it likes.
"""
