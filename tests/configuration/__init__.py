"""How the services start, stop, migrate and refuse to start."""
