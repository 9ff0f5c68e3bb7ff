"""What stops a command, as its user reads it."""

# sysexits.h: a wrong command line; something that is needed is missing; a setting that the operator must change.
USAGE = 64
UNAVAILABLE = 69
CONFIGURATION = 78


class CannotContinue(Exception):
    """An expected failure: printed without a stack, and the process exits with its code."""

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class Interrupted(BaseException):
    """A signal that asks to stop. Like KeyboardInterrupt it passes by whatever handles errors."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number
