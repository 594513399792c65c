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
`on` (the day of the issue it was said of). What is not stated has no key."""


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
    """One version of one source; `age` grows with the files it came from."""

    layout: str
    age: int
    facts: Facts


@dataclass(frozen=True)
class Note:
    """What one row of issues or units tells of its project; `on` is the day of the issue."""

    row: int
    at_line: int
    told: Told
    on: date | None = None

    @property
    def order(self) -> tuple[str, ...]:
        return _order(facts_of(self.told) | {"on": _iso(self.on)})

    @property
    def of_a_day(self) -> bool:
        return self.on is not None and bool(self.told.verifier or self.told.windowed)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _order(facts: Facts) -> tuple[str, ...]:
    return tuple(str(facts.get(name, "")) for name in ("on", "verifier", "crediting_start", "crediting_end"))


def facts_of(told: Told) -> dict[str, str]:
    """What is stated, and nothing of what is not."""
    said = {
        "crediting_start": _iso(told.crediting_start),
        "crediting_end": _iso(told.crediting_end),
        "verifier": told.verifier,
        "labels": joined(told.labels),
    }
    return {name: text for name, text in said.items() if text}


def told_of(facts: Facts) -> Told:
    """The reverse of `facts_of`."""
    days = (
        date.fromisoformat(facts[name]) if facts.get(name) else None for name in ("crediting_start", "crediting_end")
    )
    return Told(*days, facts.get("verifier", ""), parted(facts.get("labels", "")))


def grown(before: Facts, notes: Iterable[Note]) -> list[tuple[Note, dict[str, Any]]]:
    """What rows of issues and units add to what their table said before, as steps each with the row that made it.

    Labels are gathered; verifier and period are those of the latest issue. The same rows again add nothing, in
    whatever order and however split they come.
    """
    rows = sorted(notes, key=lambda note: note.row)
    latest = max((note for note in rows if note.of_a_day), key=lambda note: note.order, default=None)
    said, steps = dict(before), []
    for note in rows:
        more = dict(said)
        if note is latest and note.order > _order(before):
            more |= {name: text for name, text in facts_of(note.told).items() if name != "labels"}
            more["on"] = _iso(note.on)
        known = parted(said.get("labels", ""))
        fresh = [label for label in note.told.labels if label not in known]
        if fresh:
            more["labels"] = joined([*known, *fresh])
        if more != said:
            steps.append((note, more))
            said = more
    return steps


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
