"""`python -m app.check` reads the configuration as the service would, and starts nothing."""

import sys

from app.config import exit_when_misconfigured, read_config


def main() -> None:
    """Exits 0 when the configuration can be used, 78 with every error on stderr when it cannot."""
    with exit_when_misconfigured():
        read_config()
    sys.stdout.write("backend: the configuration can be used\n")


if __name__ == "__main__":
    main()
