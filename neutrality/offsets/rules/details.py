"""What tables say of a project or its units besides names and numbers (R3.36): crediting period, verifier, labels.

Labels are the registries' own words, joined by semicolons: some hold commas ("CORSIA - First Phase, 2024-2026 Scope").
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from neutrality.offsets.rules.cells import BadRow, Row, at, first, only_day, two_days
from neutrality.offsets.rules.published import Flaw, Told

JOINT = "; "
LONGEST_LABEL, LONGEST_LABELS, LONGEST_VERIFIER = 120, 600, 200
YES = {"yes", "y", "true", "1", "x", "✓", "是"}
NO = {"", "no", "n", "false", "0", "-", "–", "none", "n/a", "na", "nan", "not applicable", "not specified", "no debs"}
NO |= {"否", "无"}
GOALS = re.compile(r"(?:^|[;,]|'code':)\s*'?0?([1-9]|1[0-7])(?=[^0-9]|$)")
SAYS_ONLY_THE_KIND = re.compile(r"^SDG |reduction|removal", re.IGNORECASE)


@dataclass(frozen=True)
class Details:
    """Which columns tell it. Of several columns for one thing the first that is filled counts."""

    start: tuple[str, ...] = ()
    end: tuple[str, ...] = ()
    period: str = ""
    """One column that holds both days."""
    verifier: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    """Columns that hold labels, with one of the signs of `split` between them."""
    split: str = ";"
    flags: tuple[tuple[str, str], ...] = ()
    """Columns that say whether a label is carried, and the label."""
    goals: str = ""
    """A column of Sustainable Development Goals, which become labels by their numbers."""

    @property
    def of_labels(self) -> tuple[str, ...]:
        """All columns that labels are read from."""
        return tuple(filter(None, (*self.lists, *(column for column, _label in self.flags), self.goals)))

    def labels(self, row: Row) -> tuple[str, ...]:
        """Each label once: those in lists, those by a yes, then the goals in order. A flag that says something else
        than yes or no is a label with what it says."""
        found = [label for column in self.lists for label in re.split(f"[{self.split}]", at(row, column))]
        for column, label in self.flags:
            said = at(row, column)
            found.append(label if said.casefold() in YES else f"{label}: {said}" if said.casefold() not in NO else "")
        numbers = sorted({int(number) for number in GOALS.findall(at(row, self.goals))})
        plain = (label.replace(";", ",").strip()[:LONGEST_LABEL] for label in found)
        kept = [label for label in plain if label.casefold() not in NO]
        return tuple({label.casefold(): label for label in [*kept, *(f"SDG {number}" for number in numbers)]}.values())

    def read(self, row: Row) -> tuple[Told, tuple[Flaw, ...]]:
        """What the row tells, and the cells that cannot be taken while the rest stands."""
        start, end, flaws = self._window(row)
        verifier = first(row, self.verifier)
        verifier = "" if verifier.casefold() in NO else verifier[:LONGEST_VERIFIER]
        return Told(start, end, verifier, self.labels(row)), flaws

    def _window(self, row: Row) -> tuple[date | None, date | None, tuple[Flaw, ...]]:
        """First and last day. Of a cell that holds no day nothing is known and the other end stays; two periods, or one
        that ends before it begins, are none."""
        if self.period and at(row, self.period):
            return self._whole(at(row, self.period))
        ends: list[date | None] = []
        flaws = []
        for columns in (self.start, self.end):
            column = next((each for each in columns if at(row, each).casefold() not in NO), "")
            try:
                ends.append(only_day(at(row, column), column) if column else None)
            except BadRow as bad:
                flaws.append(Flaw(f"window_{bad.code}", bad.column, bad.detail))
                ends.append(None)
        start, end = ends
        if any(flaw.code == "window_several" for flaw in flaws):
            return None, None, tuple(flaws)
        if start and end and end < start:
            return None, None, (Flaw("window_reversed", column, f"{start} – {end}"),)
        return start, end, tuple(flaws)

    def _whole(self, said: str) -> tuple[date | None, date | None, tuple[Flaw, ...]]:
        if said.casefold() in NO:
            return None, None, ()
        try:
            start, end = two_days(said, self.period)
        except BadRow as bad:
            return None, None, (Flaw(f"window_{bad.code}", bad.column, bad.detail),)
        if end < start:
            return None, None, (Flaw("window_reversed", self.period, said),)
        return start, end, ()


def joined(labels: Iterable[str]) -> str:
    """Labels as one text, whole ones only."""
    text = ""
    for label in labels:
        longer = f"{text}{JOINT}{label}" if text else label
        if len(longer) > LONGEST_LABELS:
            break
        text = longer
    return text


def parted(text: str) -> tuple[str, ...]:
    """The labels of a text made by `joined`."""
    return tuple(filter(None, text.split(JOINT)))


def searched(text: str) -> tuple[str, ...]:
    """The labels a project is found by: not goals, which are bare numbers, and not what kind of tonne it is, which
    every project of some registries carries."""
    return tuple(label for label in parted(text) if not SAYS_ONLY_THE_KIND.search(label))
