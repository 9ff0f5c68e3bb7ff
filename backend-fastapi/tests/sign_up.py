"""The type of the fixture `sign_up`."""

from collections.abc import Callable
from typing import TypeAlias

from fake_auth_server import Person

SignUp: TypeAlias = Callable[[], Person]
