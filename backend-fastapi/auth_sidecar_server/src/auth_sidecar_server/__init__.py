"""Runs the auth server on a machine without Node: the command `auth-sidecar`, installed by `auth-sidecar[server]`."""
