"""Lists of journeys: from an uploaded table to lines of a draft. Only sums are kept; the list itself is not stored."""

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from neutrality.inventory import queries, reading, rules, tables, words
from neutrality.inventory.models import Inventory
from neutrality.inventory.rules import travel

SEEDS = Path(settings.BASE_DIR) / "seeds"
COUNTRY = "100000"
MOST_ROWS = 200_000
CENT = Decimal("0.01")
PROVINCE_ENDINGS = ("维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市", "特别行政区")
SOURCES = {travel.LODGING: "lodging", travel.MEAL: "catering"}


@dataclass(frozen=True)
class List:
    """A list as it came: its journeys settled, and the row number of its first row in the file."""

    journeys: travel.Journeys
    first_row: int


@cache
def gazetteer() -> travel.Gazetteer:
    """The places of seeds/places.csv, and the provinces by name."""
    places = [
        travel.Place(
            row["name_zh"],
            row["name_en"],
            row["country"],
            row["province"],
            Decimal(row["lat"]),
            Decimal(row["lon"]),
            tuple(code for code in row["airports"].split(";") if code),
        )
        for row in _rows("places.csv")
    ]
    return travel.Gazetteer(places, _provinces())


def _rows(name: str) -> list[dict[str, str]]:
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def _provinces() -> dict[str, str]:
    """Names of provinces in both languages, long and short, to their two digits."""
    names: dict[str, str] = {}
    for region in (row for row in _rows("regions.csv") if row["parent"] == COUNTRY):
        short = region["name_zh"]
        for ending in PROVINCE_ENDINGS:
            short = short.removesuffix(ending)
        for name in (region["name_zh"], region["name_en"], short):
            names[rules.folded(name)] = region["code"][:2]
    return names


def modes() -> dict[str, travel.Mode]:
    """Every word for a mode, folded."""
    found = {alias: mode for mode, aliases in words.MODE_ALIASES.items() for alias in aliases}
    for language in reading.LANGUAGES:
        with translation.override(language):
            found |= {rules.folded(str(name)): mode for mode, name in words.MODES.items()}
    return found | {mode.value: mode for mode in travel.Mode}


def _names() -> dict[str, str]:
    names = {name: name for name in travel.FIELDS}
    for name, aliases in words.TRIP_ALIASES.items():
        names |= dict.fromkeys(aliases, name)
    for language in reading.LANGUAGES:
        with translation.override(language):
            names |= {rules.folded(str(word)): name for name, word in words.TRIP_FIELDS.items()}
    return names


def read(upload: Any, *, venue: travel.Place, infer: bool) -> List:
    """The list in a file, settled. Columns nobody asked for (names, telephone numbers) are dropped unread."""
    table = tables.read(upload, tables.Layout(_names(), frozenset({"origin"}), MOST_ROWS))
    found = travel.settle(table.raws, gazetteer=gazetteer(), venue=venue, modes=modes(), infer=infer)
    return List(found, table.first_row)


def lines(inventory: Inventory, journeys: travel.Journeys) -> list[rules.Line]:
    """One line for every factor of the list. Their keys are the same each time, so a second list replaces the first."""
    library = queries.factors(journeys.sums)
    stages = inventory.activity.stages
    return [
        rules.Line(
            key=_key(inventory, code),
            position=place,
            source=SOURCES.get(code, "participant_travel"),
            stage="holding" if "holding" in stages else stages[0],
            treatment=rules.Treatment.ESTIMATED,
            description=_description(found),
            quantity=found.amount.quantize(CENT),
            unit=library[code].unit,
            factor=library[code],
            tier=rules.Tier.CALCULATED,
        )
        for place, (code, found) in enumerate(sorted(journeys.sums.items()), start=1)
    ]


def merged(inventory: Inventory, fresh: list[rules.Line]) -> list[rules.Line]:
    """The lines of the draft with those of the list: earlier lists are replaced, other rows stay."""
    mine = {_key(inventory, way.factor) for way in [*travel.WAYS.values(), travel.ABROAD] if way is not None}
    mine |= {_key(inventory, code) for code in SOURCES}
    counted = {line.source for line in fresh}
    kept = [
        row.facts
        for row in queries.lines(inventory)
        if row.key not in mine
        and not (row.source in counted and row.treatment not in rules.COUNTED and row.quantity is None)
    ]
    return kept + fresh


def _key(inventory: Inventory, code: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"{inventory.activity.code}/journeys/{code}"))


def _description(found: travel.Sum) -> str:
    """How many and from where; fewer than five are not told apart."""
    if found.people < travel.FEW:
        return _("From the list of participants: fewer than five")
    values = {"people": found.people, "places": len(found.places)}
    return _("From the list of participants: %(people)s journeys from %(places)s places") % values
