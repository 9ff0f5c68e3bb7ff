"""Who belongs to an id."""

from typing import Generic, TypeVar

Member = TypeVar("Member")


class Index(Generic[Member]):
    """Members by id, in the order in which they came; an id without members takes no room."""

    def __init__(self) -> None:
        self._members: dict[str, dict[Member, None]] = {}

    def add(self, member_id: str, member: Member) -> None:
        """Whether it is in there already or not."""
        self._members.setdefault(member_id, {})[member] = None

    def discard(self, member_id: str, member: Member) -> None:
        """Whether it is in there or not."""
        members = self._members.get(member_id)
        if members is None:
            return
        members.pop(member, None)
        if not members:
            del self._members[member_id]

    def of(self, member_id: str) -> tuple[Member, ...]:
        """A copy: the caller may change the index meanwhile."""
        return tuple(self._members.get(member_id, ()))

    def clear(self) -> None:
        """Forgets all."""
        self._members.clear()
