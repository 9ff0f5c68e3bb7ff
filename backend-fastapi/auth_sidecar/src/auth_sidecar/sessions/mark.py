"""What a check under way is told of, because its result may not know it yet."""

from dataclasses import dataclass, field

from auth_sidecar.check_result import CheckResult


@dataclass(slots=True, eq=False)
class Mark:
    """For the duration of a check: what was revoked meanwhile, and so may be missing from the result."""

    began_at: float
    generation: int
    revoked: set[str] = field(default_factory=set[str])
    is_flushed: bool = False

    @property
    def is_untouched(self) -> bool:
        """Whether nothing at all was revoked since the check began: nobody knows yet whom it is about."""
        return not self.is_flushed and not self.revoked

    def is_overtaken(self, result: CheckResult) -> bool:
        """Whether the session or user of the result was revoked since the check began."""
        identity = result.identity
        return self.is_flushed or not self.revoked.isdisjoint((identity.session.id, identity.user.id))
