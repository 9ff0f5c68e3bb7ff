"""For services whose tables are in one database with the auth server's: Alembic leaves those alone."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeAlias

IncludeObject: TypeAlias = Callable[[Any, str | None, str, bool, Any], bool]
"""What Alembic calls `include_object`."""


class HasTables(Protocol):
    """SQLAlchemy's MetaData: this package does not need SQLAlchemy."""

    @property
    def tables(self) -> Any:  # noqa: ANN401 - SQLAlchemy's own type
        """By name, with the schema where the model names one."""
        ...


def only_tables_of(metadata: HasTables | Sequence[HasTables]) -> IncludeObject:
    """For `context.configure(include_object=only_tables_of(Base.metadata), ...)` in migrations/env.py.

    Autogenerate proposes to drop every table that it finds and does not know, which takes the auth server's. With this
    it sees only the tables of the models, and none of their foreign keys to other tables. So it proposes no drop for a
    model that was deleted either: write that `op.drop_table` by hand.

    Several MetaData in a list are what `target_metadata` takes, too.
    """
    several = metadata if isinstance(metadata, Sequence) else [metadata]

    def is_known(table: str) -> bool:
        return any(table in one.tables for one in several)

    def include_object(found: Any, name: str | None, kind: str, is_reflected: bool, _compared: Any) -> bool:  # noqa: ANN401 - Alembic's signature
        if not is_reflected:
            return True
        if kind == "table":
            return is_known(_full_name(found.schema, name))
        if kind == "foreign_key_constraint":
            return all(is_known(element.target_fullname.rpartition(".")[0]) for element in found.elements)
        return True

    return include_object


def _full_name(schema: str | None, name: str | None) -> str:
    return name or "" if schema is None else f"{schema}.{name}"
