"""The numbers of all faults as a table, to read."""

from collections.abc import Sequence

from staleness.numbers import Numbers

_HEAD = (
    *("fault", "requests", "hits", "checks", "503", "sign-outs", "p50", "p99", "longest"),
    *("late accepts", "ends by SQL", "longest staleness"),
)


def render_table(rows: Sequence[Numbers]) -> list[str]:
    """One line for each fault, between a head and the sum of all."""
    total = Numbers("all")
    for numbers in rows:
        total.add(numbers)
    table = [_HEAD, *(_cells(numbers) for numbers in (*rows, total))]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return ["  ".join(_align(row, widths)) for row in table]


def _align(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    name, *figures = zip(cells, widths, strict=True)
    return [name[0].ljust(name[1]), *(figure.rjust(width) for figure, width in figures)]


def _cells(numbers: Numbers) -> tuple[str, ...]:
    counts = (numbers.requests, numbers.hits, numbers.checks, numbers.unavailable, numbers.sign_outs)
    return (
        numbers.fault,
        *(f"{count:,}" for count in counts),
        *(_milliseconds(numbers.sign_out_within(share)) for share in (0.5, 0.99, 1)),
        *(f"{count:,}" for count in (numbers.late_accepts, numbers.sql_ends)),
        _milliseconds(numbers.longest_staleness_seconds),
    )


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"
