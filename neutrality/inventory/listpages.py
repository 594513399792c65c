"""What the pages of a list of participants are given."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from neutrality.activities.models import Activity
from neutrality.inventory import marking, queries, rules, trips, words
from neutrality.inventory.listreading import QUESTIONS
from neutrality.inventory.models import Roster
from neutrality.inventory.rules import travel
from neutrality.rulebook import queries as rulebooks
from neutrality.wording import pick


def city_of(activity: Activity) -> str:
    """The city of an activity as the table of cities has it, "" where it does not."""
    for region in reversed(rulebooks.lineage(activity.region_code)):
        if len(trips.gazetteer().find(region.name_zh)) == 1:
            return pick(region.name_zh, region.name_en)
    return ""


def journeys(activity: Activity, kind: str) -> dict[str, Any]:
    """The page of a list of participants: its columns and the rules of calculation."""
    factors = queries.factors(travel.factors())
    return {
        "activity": activity,
        "kind": kind,
        "words": words.KINDS[rules.Kind(kind)],
        "columns": list(words.TRIP_FIELDS.values()),
        "rosters": [
            (each, words.ROSTER_STATES[rules.RosterState(each.state)]) for each in queries.rosters(activity, kind)
        ],
        "ways": [
            {"name": words.MODES[mode], "factor": factors[way.factor], "detour": way.detour}
            for mode, way in travel.WAYS.items()
            if way is not None and way.factor in factors
        ],
        "abroad": [
            {"cabin": words.CABINS[cabin], "factor": factors[way.factor]}
            for cabin, way in travel.ABROAD.items()
            if way.factor in factors
        ],
    }


MOST_ROWS_NAMED = 12


def roster(found: Roster) -> dict[str, Any]:
    """The page of one list: how far it is, what it asks, what is wrong, or what it came to."""
    asking = found.state == rules.RosterState.ASKING
    faults = [each for each in found.findings if asking and not each["code"].startswith(QUESTIONS)]
    return {
        "activity": found.activity,
        "kind": found.kind,
        "words": words.KINDS[rules.Kind(found.kind)],
        "roster": found,
        "state": words.ROSTER_STATES[rules.RosterState(found.state)],
        "stage": words.ROSTER_STAGES[rules.RosterStage(found.stage)],
        "open": found.is_open,
        "asking": asking,
        "done": found.state == rules.RosterState.DONE,
        "refused": [each["message"] for each in found.findings if found.state == rules.RosterState.REFUSED],
        "faults": [_fault_words(each) for each in faults],
        "hidden": max(0, found.found - len(found.findings)),
        "account": _roster_account(found) if found.summary else None,
    }


def _fault_words(each: Mapping[str, Any]) -> dict[str, Any]:
    named = each["rows"][:MOST_ROWS_NAMED]
    return {
        "label": words.TRIP_FIELDS[each["field"]],
        "message": words.finding(each),
        "count": each["count"],
        "rows": pick("、", ", ").join(str(row) for row in named) + ("…" if each["count"] > len(named) else ""),
    }


def _roster_account(roster: Roster) -> dict[str, Any]:
    """What a list came to: by factor, and from where in groups of five and more."""
    places, summary = trips.gazetteer().places, roster.summary
    factors = queries.factors(summary["sums"])
    return summary | {
        "factors": [
            {
                "factor": factors[code],
                "unit": words.unit(factors[code].unit),
                "amount": Decimal(amount),
                "people": people,
            }
            for code, (amount, people) in summary["sums"].items()
            if code in factors
        ],
        "groups": [
            {"place": words.place(places[code]) if code in places else "", "people": people, "kg": Decimal(kg)}
            for code, people, kg in summary["groups"]
        ],
        "understood": [
            (text, words.place(places[code]) if code in places else code) for text, code in summary["understood"]
        ],
    }


def remarks(found: Roster) -> list[marking.Remark]:
    """What a list asks and what is wrong with it, as remarks on the cells of its file."""
    headings = found.layout["headings"]
    places = {name: place for place, name in enumerate(headings, start=1) if name}
    said = [
        marking.Remark(row, places.get(each["field"], 0), words.finding(each))
        for each in found.findings
        for row in each["rows"]
    ]
    return said[: marking.MOST_REMARKS]
