"""Correcting what is written about a project at its registry's desk (R3.2: the registry's record is the final basis).

What the registry's own table of projects states is corrected by the registry, not by a person; a blank takes nothing
away that a source states. Everything else is the desk's to correct.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from neutrality.offsets.rules.details import joined, parted

PLAIN = ("name_zh", "name_en", "country", "region_code", "place_name", "sector", "methodology", "developer")
MARKS = ("forestry", "formerly_poor_area")
SOURCED = ("verifier", "crediting_start", "crediting_end", "labels")
"""What has several sources (`rules.sources`)."""
AMENDABLE = (*PLAIN, *SOURCED, *MARKS)
Facts = Mapping[str, Any]


def said(value: Any) -> Any:
    """A value as it is kept and compared: a day as ISO, nothing as an empty text."""
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else value.strip() if isinstance(value, str) else value


def changes(before: Facts, wanted: Facts) -> dict[str, list[Any]]:
    """What differs: field -> [before, wanted]."""
    pairs = {name: [said(before[name]), said(wanted[name])] for name in AMENDABLE if name in wanted}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def of_the_table(told: Facts, changed: Mapping[str, list[Any]]) -> list[str]:
    """Changed fields of which the registry's own table states something else."""
    return [name for name in PLAIN if name in changed and told.get(name) and told[name] != changed[name][1]]


def at_the_desk(before: Facts, standing: str, changed: Mapping[str, list[Any]], wanted: Facts) -> dict[str, Any]:
    """What the desk states after a correction: as before, with what changed. Labels that others gave stay theirs:
    `standing` are the labels that stood."""
    found = dict(before)
    if "verifier" in changed:
        found["verifier"] = said(wanted["verifier"])
    if {"crediting_start", "crediting_end"} & set(changed):
        found |= {name: said(wanted[name]) for name in ("crediting_start", "crediting_end")}
    if "labels" in changed:
        mine = {label.casefold() for label in parted(before.get("labels", ""))}
        others = {label.casefold() for label in parted(standing)} - mine
        found["labels"] = joined(label for label in parted(wanted["labels"]) if label.casefold() not in others)
    return {name: text for name, text in found.items() if text}
