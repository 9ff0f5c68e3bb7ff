"""How long a session is accepted after its end, while things break."""
