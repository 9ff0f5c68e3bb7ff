"""What comes before a server: the configuration, or the end of the process."""

import sys

from app.config import Config, exit_when_misconfigured, read_config
from app.log import configure_logging
from app.schema import migration_faults


def load_config() -> Config:
    """Ends the process with 78 and every fault when there is one; else the log goes where it should from here on."""
    with exit_when_misconfigured():
        config = read_config(migration_faults)
    configure_logging(config.service.effective_log_level, sys.stdout)
    return config
