"""Lists of journeys: the words they are written in, and the lines of a draft they become. Only sums are kept there."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from neutrality.inventory import columns, queries, reading, rules, spellings, tables, words
from neutrality.inventory.listreading import Terms
from neutrality.inventory.models import Inventory
from neutrality.inventory.rules import travel
from neutrality.inventory.rules.places import Gazetteer, Place, Within
from neutrality.inventory.tally import Tally

SEEDS = Path(settings.BASE_DIR) / "seeds"
COUNTRY = "100000"
PROVINCE_ENDINGS = ("维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市", "特别行政区")
PART_ENDINGS = ("新区", "区", "县", "市")
SHORTEST_PART = 2
SOURCES = {travel.LODGING: "lodging", travel.MEAL: "catering"}


@cache
def gazetteer() -> Gazetteer:
    """The places of seeds/places.csv with their airports, the provinces by name, and what lies in which city."""
    official = {row["code"]: row["name_zh"] for row in _rows("regions.csv")}
    airports = defaultdict(list)
    for row in _rows("airports.csv"):
        airports[row["city"]].append(row)
    lands = {(row["country"], row["city"]): row["land"] for row in _rows("lands.csv")}
    rows = [(row, _place(row, airports, official, lands)) for row in _rows("places.csv")]
    cities = {row["region"]: place for row, place in rows if row["region"]}
    capitals: dict[str, Place] = {}
    for code, city in cities.items():
        capitals.setdefault(code[:2], city)
    return Gazetteer([place for _, place in rows], _provinces(), _parts(cities), capitals)


def _place(
    row: Mapping[str, str],
    airports: Mapping[str, list[dict[str, str]]],
    official: Mapping[str, str],
    lands: Mapping[tuple[str, str], str],
) -> Place:
    """A place with every name it goes by; an airport by its name needs its city or the word for an airport."""
    city = row["name_zh"] or row["name_en"]
    mine = airports.get(city, [])
    named = [name for each in mine for name in (each["name_zh"], each["former_zh"]) if name]
    halls = [f"{name}{ending}" for name in named for ending in ("机场", "国际机场")]
    others = [official.get(row["region"], ""), *row["aliases"].split(";"), row["name_en"].replace("'", "")]
    return Place(
        row["name_zh"],
        row["name_en"],
        row["country"],
        row["region"][:2],
        Decimal(row["lat"]),
        Decimal(row["lon"]),
        tuple(each["code"] for each in mine),
        tuple(name for name in (*others, *halls, *(f"{city}{name}" for name in named)) if name),
        lands.get((row["country"], row["name_en"])) or lands[row["country"], ""],
    )


def _parts(cities: dict[str, Place]) -> Iterable[Within]:
    """Districts and counties with the city they belong to; short names as well where two characters are left."""
    for region in _rows("regions.csv"):
        city = cities.get(region["parent"])
        if city is None or region["code"] in cities:
            continue
        name = region["name_zh"]
        short = {name.removesuffix(ending) for ending in PART_ENDINGS if name.endswith(ending)}
        yield Within((name, *(each for each in short if len(each) >= SHORTEST_PART)), city)


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
            names[name] = region["code"][:2]
    return names


def modes() -> dict[str, travel.Mode]:
    """Every word for a mode, folded."""
    found = {alias: mode for mode, aliases in spellings.MODE_ALIASES.items() for alias in aliases}
    for language in reading.LANGUAGES:
        with translation.override(language):
            found |= {rules.folded(str(name)): mode for mode, name in words.MODES.items()}
    return found | {mode.value: mode for mode in travel.Mode}


def cabins() -> dict[str, travel.Cabin]:
    """Every word for a class, folded."""
    found = {alias: cabin for cabin, aliases in spellings.CABIN_ALIASES.items() for alias in aliases}
    return found | {cabin.value: cabin for cabin in travel.Cabin}


def layout() -> tables.Layout:
    """What the headings of a list may be called."""
    return tables.Layout(_names(), frozenset({"origin"}), columns.MOST_ROWS)


def terms(venue: Place, *, infer: bool, answers: Mapping[str, str]) -> Terms:
    """What a list is read with; `answers`: what spellings mean, by the code of a place."""
    return Terms(gazetteer(), venue, modes(), cabins(), infer, answers)


def _names() -> dict[str, str]:
    names = {name: name for name in travel.FIELDS}
    for name, aliases in spellings.TRIP_ALIASES.items():
        names |= dict.fromkeys(aliases, name)
    for language in reading.LANGUAGES:
        with translation.override(language):
            names |= {rules.folded(str(word)): name for name, word in words.TRIP_FIELDS.items()}
    return names


def lines(inventory: Inventory, tally: Tally) -> list[rules.Line]:
    """One line for every factor of the list. Their keys are the same each time, so a second list replaces the first."""
    library = queries.factors(tally.sums)
    stages = inventory.activity.stages
    return [
        rules.Line(
            key=_key(inventory, code),
            position=place,
            source=SOURCES.get(code, "participant_travel"),
            stage="holding" if "holding" in stages else stages[0],
            treatment=rules.Treatment.ESTIMATED,
            description=_description(found),
            quantity=travel.shown_amount(found, per_km=code not in SOURCES),
            unit=library[code].unit,
            factor=library[code],
            tier=rules.Tier.CALCULATED,
        )
        for place, (code, found) in enumerate(sorted(tally.sums.items()), start=1)
    ]


def keys(inventory: Inventory) -> frozenset[str]:
    """The keys of every line a list can make: what an earlier list made is told by them."""
    return frozenset(_key(inventory, code) for code in travel.factors())


def _key(inventory: Inventory, code: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"{inventory.activity.code}/journeys/{code}"))


def _description(found: travel.Sum) -> str:
    """How many and from where; fewer than five are not told apart."""
    if found.people < travel.FEW:
        return _("From the list of participants: fewer than five, kilometres in full thousands")
    values = {"people": found.people, "places": found.places}
    return _("From the list of participants: %(people)s journeys from %(places)s places") % values
