"""What a dataset is: columns with types and units, a licence, rows in the order of a key."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any

MOST_ROWS = 1000


class Kind(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DAY = "day"
    MOMENT = "moment"
    BOOLEAN = "boolean"


@dataclass(frozen=True)
class Column:
    """One column: its name for machines, what it means in words, the unit where there is one. `at` is where a row has
    it: names with points between, or a function of the row. Only where `empty` may a name on the way lead nowhere."""

    name: str
    kind: Kind
    means: Any
    at: str | Callable[[Any], Any]
    unit: str = ""
    empty: bool = False

    def of(self, told: Any) -> Any:
        """Its cell of a row; text without a value is empty, anything else None."""
        if not isinstance(self.at, str):
            return self.at(told)
        for name in self.at.split("."):
            if told is None and self.empty:
                break
            told = getattr(told, name)
        return "" if told is None and self.empty and self.kind is Kind.TEXT else told

    @property
    def type(self) -> str:
        """Its kind as the dictionary prints it."""
        return self.kind.value


@dataclass(frozen=True)
class Slice:
    """Some rows in order, and the cursor behind which the next ones begin (None at the end)."""

    rows: list[tuple[Any, ...]]
    after: int | None


@dataclass(frozen=True)
class Dataset:
    """`fetch(after, limit)` gives model rows in the order of their key, `told(rows, on)` what the columns look at."""

    name: str
    title: Any
    about: Any
    licence: Any
    columns: tuple[Column, ...]
    fetch: Callable[..., list[Any]]
    told: Callable[[Sequence[Any], date], Sequence[Any]] = lambda rows, on: rows
    narrowed: Callable[[Any, int, int], tuple[list[Any], int | None]] | None = None
    """The rows that fit the filters of the registry's lists, and where the next ones begin."""
    filters: tuple[str, ...] = ()
    """Names of these filters; all the registry's lists have if empty."""

    def cells(self, rows: Sequence[Any], on: date) -> list[tuple[Any, ...]]:
        """What is said of some rows on a day."""
        return [tuple(column.of(told) for column in self.columns) for told in self.told(rows, on)]

    def slice(self, after: int, limit: int, on: date, filters: Any = None) -> Slice:
        """At most `limit` rows behind the cursor. Costs the same however deep."""
        if filters is not None and self.narrowed is not None:
            rows, end = self.narrowed(filters, after, limit)
            return Slice(self.cells(rows, on), end)
        found = self.fetch(after, limit + 1)
        taken = found[:limit]
        return Slice(self.cells(taken, on), taken[-1].pk if len(found) > limit else None)

    def of(self, project: Any, on: date) -> Iterator[tuple[Any, ...]]:
        """All rows of one project, where rows are fetched by it."""
        fetch = partial(self.fetch, project=project)
        yield from replace(self, fetch=fetch).every(on)

    def every(self, on: date, filters: Any = None) -> Iterator[tuple[Any, ...]]:
        """All rows, a slice at a time: memory stays flat."""
        after: int | None = 0
        while after is not None:
            part = self.slice(after, MOST_ROWS, on, filters)
            yield from part.rows
            after = part.after
