"""Several sources speak of one project's crediting period, verifier and labels: which stands, and what each adds.

The registry's own table of projects stands first, since the registry's record is the final basis (R3.2); then what a
person entered at its desk; then what its tables of issues and units say; last, collections by others. Nothing is
written over: every source keeps its own history, and pages show those that differ.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Any, NamedTuple

from neutrality.offsets.rules import layouts
from neutrality.offsets.rules.details import joined, parted
from neutrality.offsets.rules.published import NOTHING, Told

DESK = "desk"
"""The source of what a person entered."""
Facts = Mapping[str, Any]
"""What one version of a source states: `crediting_start` and `crediting_end` as ISO days, `verifier`, `labels` joined,
the days of the issues these were said of (`DATED`). What is not stated has no key."""


class Rank(IntEnum):
    TABLE = 0
    DESK = 1
    UNITS = 2
    COLLECTED = 3


def rank(layout: str) -> Rank:
    """Where a source stands, by its layout or as the desk."""
    if layout == DESK:
        return Rank.DESK
    kind = layouts.LAYOUTS[layout]
    if not kind.own:
        return Rank.COLLECTED
    return Rank.TABLE if kind.describes else Rank.UNITS


class Version(NamedTuple):
    """One version of one source; `age` is larger the later it was written."""

    layout: str
    age: int
    facts: Facts


DATED = {"verifier_on": ("verifier",), "crediting_on": ("crediting_start", "crediting_end")}
"""What rows of issues say as of a day: the fact that holds the day, and the facts said of it."""


@dataclass(frozen=True)
class Note:
    """What one row of issues or units tells of its project; `on` is the day of the issue."""

    row: int
    at_line: int
    told: Told
    on: date | None = None

    def dated(self, day: str) -> dict[str, str]:
        """What it says of one matter, with its day; nothing where it does not speak of it."""
        facts = facts_of(self.told)
        said = {name: facts[name] for name in DATED[day] if name in facts}
        return said | {day: self.on.isoformat()} if said and self.on else {}


def _order(facts: Facts, day: str) -> tuple[str, ...]:
    """Later days come later; of one day any order will do that is always the same."""
    return tuple(str(facts.get(name, "")) for name in (day, *DATED[day]))


def facts_of(told: Told) -> dict[str, str]:
    """What is stated, and nothing of what is not."""
    said = {
        "crediting_start": told.crediting_start.isoformat() if told.crediting_start else "",
        "crediting_end": told.crediting_end.isoformat() if told.crediting_end else "",
        "verifier": told.verifier,
        "labels": joined(told.labels),
    }
    return {name: text for name, text in said.items() if text}


def told_of(facts: Facts) -> Told:
    """The reverse of `facts_of`."""
    start, end = (_day(facts.get(name, "")) for name in ("crediting_start", "crediting_end"))
    return Told(start, end, facts.get("verifier", ""), parted(facts.get("labels", "")))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def grown(before: Facts, notes: Iterable[Note]) -> list[tuple[Note, dict[str, Any]]]:
    """What rows of issues and units add to what their table said before, as steps each with the row that made it.

    Labels are gathered; verifier and period are those of the latest issue that names them. The same rows again add
    nothing, in whatever order and however split they come.
    """
    rows = sorted(notes, key=lambda note: note.row)
    latest = {day: _latest(rows, day) for day in DATED}
    said, steps = dict(before), []
    for note in rows:
        more = dict(said)
        for day, names in DATED.items():
            if note is latest[day] and _order(note.dated(day), day) > _order(before, day):
                more = {name: text for name, text in more.items() if name not in names} | note.dated(day)
        known = parted(said.get("labels", ""))
        fresh = [label for label in note.told.labels if label not in known]
        if fresh:
            more["labels"] = joined([*known, *fresh])
        if more != said:
            steps.append((note, more))
            said = more
    return steps


def _latest(rows: Sequence[Note], day: str) -> Note | None:
    return max(rows, key=lambda note: _order(note.dated(day), day), default=None)


def stated(versions: Sequence[Facts]) -> Told:
    """What a source states, from its versions in order. A blank takes neither period nor verifier away: missing is
    not "none". Labels are what the newest version carries, since one may be withdrawn."""
    told = NOTHING
    for facts in versions:
        said = told_of(facts)
        window = said if said.windowed else told
        told = Told(window.crediting_start, window.crediting_end, said.verifier or told.verifier, said.labels)
    return told


def in_force(sources: Iterable[tuple[Rank, int, Told]]) -> Told:
    """What stands, from the sources with their rank and how new they are. An end of the period that the first source
    does not state is filled from the next one it fits; labels of all sources add up."""
    told = [each for _rank, _age, each in sorted(sources, key=lambda source: (source[0], -source[1]))]
    start = end = None
    for each in filter(lambda one: one.windowed, told):
        first, last = start or each.crediting_start, end or each.crediting_end
        if first is None or last is None or first <= last:
            start, end = first, last
    labels: dict[str, str] = {}
    for label in (label for each in told for label in each.labels):
        labels.setdefault(label.casefold(), label)
    return Told(start, end, next((each.verifier for each in told if each.verifier), ""), tuple(labels.values()))


def standing(versions: Iterable[Version]) -> Told:
    """What stands of a project, from all versions of all its sources, each source's in order."""
    said: dict[str, list[Version]] = {}
    for version in versions:
        said.setdefault(version.layout, []).append(version)
    return in_force(
        (rank(layout), mine[-1].age, stated([version.facts for version in mine])) for layout, mine in said.items()
    )
