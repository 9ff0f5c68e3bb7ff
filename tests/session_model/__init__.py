"""The protocol of the session cache between auth servers and services, small enough to look at every run of it.

What is looked for in every run: is a request that starts after a session's end was answered ever accepted, or one that
starts more than a lease after the commit?

- Time is counted in ticks. A span shorter than k ticks may meet k of them, so "younger than k" is an age of at most k;
  "longer than k" is an age of at least k + 1. L+ is L + 1.
- Whoever is paused takes no step while ticks pass: no step has to be taken, so a pause needs no rule of its own.
- A question is begun and read in one step before the commit: nothing in between can tell. One that is begun after
  the commit reads that the session is over, and is left out.
- `sessions_are_known`: before the commit each process has the session in its cache, even right after it was
  emptied. It may have asked again, and the model allows more than the service does.
- Two signs of life that wait beside each other are one: who is remembered longer is waited for longer.
- A killed process accepts nothing, and an origin that dies answers nothing: they need no rule.
"""
