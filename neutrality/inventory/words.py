"""Codes into words: what a fault, a gap, an answer or a state is called, and what to do about it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from neutrality.inventory.rules import (
    Category,
    CoverLevel,
    Doubt,
    Fault,
    Gap,
    GwpSet,
    Kind,
    Part,
    RosterStage,
    RosterState,
    State,
    Tier,
    Treatment,
    fitting,
    printed,
    survey,
    travel,
)
from neutrality.inventory.rules import portion as share
from neutrality.inventory.rules.places import Place
from neutrality.inventory.rules.whatif import Way
from neutrality.quantities import NotANumber
from neutrality.rulebook.rules import Rulebook, Stage
from neutrality.wording import UNREADABLE, pick

KINDS = {Kind.ESTIMATE: _("Estimate before the activity"), Kind.ACTUAL: _("Actual figures after the activity")}
STATES = {State.DRAFT: _("Draft"), State.SUBMITTED: _("Submitted"), State.RETURNED: _("Sent back")}
TREATMENTS = {
    Treatment.MEASURED: _("Measured"),
    Treatment.ESTIMATED: _("Estimated, not measured"),
    Treatment.NOT_OCCURRING: _("Does not occur"),
    Treatment.INCLUDED_ELSEWHERE: _("Included elsewhere"),
    Treatment.EXCLUDED: _("Left out, with reason"),
}
TIERS = {
    Tier.MEASURED: _("Measured or billed"),
    Tier.CALCULATED: _("Calculated from records"),
    Tier.PROXY: _("Derived from something similar"),
    Tier.DEFAULT: _("Typical value"),
}
COVER_LEVELS = {
    CoverLevel.MEAN: _("The total as calculated (the mean)"),
    CoverLevel.P90: _("The 90th percentile of the simulated total"),
}
WAYS = {
    Way.AMOUNT: _("Less of it, by an amount"),
    Way.SHARE: _("Less of it, by a share"),
    Way.MOVE: _("A share another way, such as by high-speed rail"),
    Way.FACTOR: _("The same, with another factor"),
}
STAGES = {
    Stage.PREPARATION: _("Preparation"),
    Stage.HOLDING: _("Holding"),
    Stage.CLOSING: _("Closing"),
    Stage.OPERATION: _("Operation"),
}
CATEGORIES = {
    Category.STATIONARY_COMBUSTION: _("Fuel in boilers and kitchens"),
    Category.MOBILE_COMBUSTION: _("Fuel in vehicles"),
    Category.PURCHASED_ELECTRICITY: _("Electricity"),
    Category.PURCHASED_HEAT: _("Heat and steam"),
    Category.PARTICIPANT_TRAVEL: _("Long-distance travel"),
    Category.LOCAL_TRANSPORT: _("Local transport"),
    Category.FREIGHT: _("Freight"),
    Category.ACCOMMODATION: _("Lodging"),
    Category.CATERING: _("Food and drink"),
    Category.MATERIALS: _("Goods and materials"),
    Category.VENUE_CONSTRUCTION: _("Stands and construction"),
    Category.WATER: _("Water"),
    Category.WASTEWATER: _("Wastewater"),
    Category.WASTE: _("Waste"),
    Category.FUGITIVE: _("Refrigerants and gases"),
    Category.DIGITAL: _("Digital and online"),
    Category.OTHER: _("Biogenic carbon, memo only"),
}
GWP_SETS = {
    GwpSet.AR4: _("IPCC AR4 (2007)"),
    GwpSet.AR5: _("IPCC AR5 (2013)"),
    GwpSet.AR6: _("IPCC AR6 (2021)"),
    GwpSet.CO2: _("carbon dioxide only"),
    GwpSet.UNKNOWN: _("not stated by the source"),
}
GRADES = {
    "A": _("A: read in the publication itself"),
    "B": _("B: read in a faithful copy of the publication"),
    "C": _("C: read in one place only; a reference value, replace it if you can"),
    "O": _("the organizer's own factor"),
}
BASES = {
    "plain": "",
    "life_cycle": _("Life-cycle footprint: for products, never for purchased electricity in scope 2."),
    "memo": _("Biogenic carbon dioxide: shown as a memo item, never added to the total."),
    "superseded": _("Kept to read old reports; not for new inventories."),
}
FIELDS = {
    "source": _("Source"),
    "stage": _("Stage"),
    "treatment": _("How it counts"),
    "description": _("Description of the row"),
    "quantity": _("Quantity"),
    "unit": _("Unit"),
    "factor": _("Emission factor"),
    "reason": _("Reason or explanation"),
    "tier": _("How the quantity came about"),
    "own_value": _("Own factor: kg CO₂e per unit"),
    "own_unit": _("Own factor: unit"),
    "own_source": _("Own factor: where it comes from"),
    "own_gwp": _("Own factor: warming potentials"),
    "evidence": _("Evidence"),
    "uses": _("Uses in its whole life, this one included"),
    "reused_percent": _("Part that is used again, in percent"),
    "uses_basis": _("How the uses are known"),
    "sharing": _("People in each car"),
}
PARTS = {
    Part.DATA: _("Data: other quantities"),
    Part.FACTOR: _("Factor: another edition of the same factor"),
    Part.METHOD: _("Method: another factor or way of measuring"),
    Part.BOUNDARY: _("Boundary: a source came in or went out"),
    Part.CORRECTION: _("Correction: a mistake was mended"),
}
MODES = {
    travel.Mode.PLANE: _("Plane"),
    travel.Mode.HIGH_SPEED_RAIL: _("High-speed rail"),
    travel.Mode.TRAIN: _("Ordinary train"),
    travel.Mode.COACH: _("Coach"),
    travel.Mode.CAR: _("Car"),
    travel.Mode.ELECTRIC_CAR: _("Electric car"),
    travel.Mode.METRO: _("Metro"),
    travel.Mode.BUS: _("Bus"),
    travel.Mode.TAXI: _("Taxi"),
    travel.Mode.OWN_LEGS: _("Bicycle or on foot"),
}
CABINS = {
    travel.Cabin.AVERAGE: _("class unknown"),
    travel.Cabin.ECONOMY: _("economy class"),
    travel.Cabin.PREMIUM: _("premium economy class"),
    travel.Cabin.BUSINESS: _("business class"),
    travel.Cabin.FIRST: _("first class"),
}
TRIP_FIELDS = {
    "origin": _("From (city)"),
    "mode": _("Means of travel"),
    "back": _("Back by, if different"),
    "cabin": _("Class"),
    "people": _("People"),
    "km": _("One-way km, if known"),
    "sharing": _("People sharing the car"),
    "nights": _("Room nights"),
    "meals": _("Meals"),
}
ROW, ROW_KG = _("Row"), _("Result in kg CO₂e")
ROSTER_STATES = {
    RosterState.WAITING: _("Waiting"),
    RosterState.WORKING: _("Being worked on"),
    RosterState.ASKING: _("Asks something"),
    RosterState.DONE: _("Taken over"),
    RosterState.REFUSED: _("Cannot be read"),
    RosterState.CANCELLED: _("Stopped"),
}
ROSTER_STAGES = {
    RosterStage.ARRIVED: _("The file has arrived."),
    RosterStage.READING: _("The rows are being read."),
    RosterStage.ADDING: _("Places are looked up, journeys added up."),
    RosterStage.WRITING: _("The result is being written."),
    RosterStage.ENDED: _("Finished."),
}
OTHER_SOURCE = _("Another source")

FAULTS = {
    "source_unknown": _("“%(written)s” is no source of this rulebook. Choose one from the list."),
    "source_missing": _("Say which source this row belongs to."),
    "stage_unknown": _("“%(written)s” is no stage of this activity. Choose one from the list."),
    "stage_missing": _("Say which stage this row belongs to."),
    "treatment_unknown": _("“%(written)s” is no answer. Choose one from the list."),
    "treatment_missing": _("Say whether this quantity was measured or estimated."),
    "tier_unknown": _("“%(written)s” is not in the list. Choose how the quantity came about."),
    "unit_unknown": _("“%(written)s” is no unit we know. Choose one from the list."),
    "factor_unknown": _("The library has no factor “%(written)s”. Choose one from the list or search the library."),
    "text_too_long": _("This text is too long: %(limit)s characters at most."),
    "own_value_missing": _("An own factor needs its value."),
    "own_source_missing": _("An own factor needs its source."),
    "own_unit_missing": _("An own factor needs its unit."),
    "own_gwp_unknown": _("Choose the warming potentials from the list."),
    "evidence_unknown": _("This file was not deposited. Upload it again."),
    "contradiction": _("This source cannot both be counted and not occur. Remove one of the rows."),
    "category_differs": _("This factor is for “%(category)s” and does not belong under this source."),
    "life_cycle_in_scope_2": _("This is a life-cycle footprint. Choose a grid factor of the place and year."),
    "residual_needed": _(
        "Beside green power at zero the rest takes the factor without market-traded non-fossil power; "
        "the average would count the green power twice."
    ),
    "superseded": _("This factor is kept only to read old reports. Choose a current one."),
    "gwp_mixed": _("This factor uses %(theirs)s, the inventory %(ours)s. They are never mixed."),
    "units_differ": _(
        "%(unit)s cannot be multiplied by a factor per %(wanted)s. "
        "Give the quantity in %(fitting)s, or choose a factor per %(unit)s."
    ),
    "origin_missing": _("The place of departure is missing. Write a city, or give the kilometres."),
    "km_missing": _("This journey starts in the city of the activity: write about how many kilometres, one way."),
    "place_unknown": _("This place is not in our table. Write a larger city nearby, or the kilometres."),
    "place_ambiguous": _("This can be %(candidates)s. Say which one is meant."),
    "place_province": _("This is a province. Say which city is meant."),
    "way_over_sea": _("The sea lies between: nobody comes all the way by %(mode)s. Say how they came."),
    "way_rail_abroad": _(
        "Our factors of %(mode)s are about Chinese trains. Say whether they came by rail all the way, or how else."
    ),
    "mode_missing": _("The means of travel is missing. Write it, or let it be inferred by distance."),
    "mode_unknown": _("This is no means of travel we know; the page of the list names them."),
    "cabin_unknown": _("This is no class we know: economy, premium economy, business, first; or a seat of a train."),
    "people_not_whole": _("People are whole numbers from 1."),
    "people_too_many": _("The list speaks of more than a billion people. Look for a number too large."),
    "sharing_below_one": _("At least one person sits in a car."),
    "km_too_far": _("No journey is longer than 50,000 km one way."),
    "number_formula": _("The result of this formula is not saved in the file. Open it, save it, and upload it again."),
    "number_merged": _("This cell is merged with the one above. Undo that, so that every row has its own number."),
    "uses_range": _("Uses are whole numbers from 1 to %(most)s, this one included."),
    "uses_not_here": _("Only goods, stands and stages are divided by their uses. Clear this cell."),
    "sharing_range": _("Write how many people were in each car on average: from 1 to %(most)s."),
    "sharing_missing": _(
        "Say how many people were in each car: passenger-km are divided by them, for the factor is per km of the car."
    ),
    "sharing_not_here": _(
        "People in the car divide passenger-km under a factor per km of the car, nothing else: "
        "kilometres of the car stand for everybody in it already. Clear this cell, or give passenger-km."
    ),
    "quantity_not_expected": _("A quantity is given, but the answer says it is not counted. Clear one of them."),
}  # fmt: skip
FAULTS |= {
    "change_no_line": _("The estimate has no such line with a quantity. Choose one from the list."),
    "change_percent": _("Enter a share above 0 and at most 100 percent."),
    "change_amount": _("Enter an amount above 0 that is not more than the line has."),
    "change_ratio": _("Enter how many of the new stand for one of the old, above 0; usually 1."),
    "factor_missing": _("Name the factor of the library that is used instead."),
}
FAULTS |= {f"number_{code}": UNREADABLE[code] for code in NotANumber.CODES}

GAPS = {
    "source_unanswered": _("Not answered yet: say whether it occurs, and how much."),
    "treatment_missing": _("This row has no answer yet."),
    "quantity_missing": _("The quantity is missing."),
    "unit_missing": _("The unit is missing."),
    "factor_missing": _("The emission factor is missing."),
    "reason_missing": _("The reason is missing."),
    "evidence_missing": _("An own factor needs a file that shows it."),
    "uses_missing": _("Say how often it is used in its whole life, or clear the part that is used again."),
    "uses_basis_missing": _(
        "Say how the uses are known: a contract, a log, the supplier's record. Without that, nothing is divided."
    ),
    "description_missing": _("Say what this other source is."),
}
DOUBTS = {
    "total_per_head": _("%(value)s kg for each person on site. Known events have %(low)s to %(high)s kg."),
    "meal": _("%(value)s kg for one meal. Usual are %(low)s to %(high)s kg."),
    "room_night": _("%(value)s kg for one room night. Usual are %(low)s to %(high)s kg."),
    "meals_per_day": _("%(value)s meals a day for each person. More than %(high)s is unusual."),
    "nights_per_head": _("More room nights than people can sleep, two nights around the event included."),
    "travel_per_head": _("%(value)s km of travel for each person. More than %(high)s km is once around the world."),
    "power_per_day": _("%(value)s kWh a day for each person. More than %(high)s kWh is unusual."),
}
FALLBACKS = {
    "year": _("No value is published for the year of the activity; the nearest published year is used."),
    "region": _("No value is published for this province; the value of its grid region is used."),
    "national": _("No value is published for this province or its grid region; the national value is used."),
    "not_covered": _("No official factor is published for this place. Bring your supplier's factor as an own factor."),
}

HEADCOUNT_BASES = {
    survey.HeadcountBasis.REGISTERED: _("registered participants"),
    survey.HeadcountBasis.TICKETS: _("tickets sold or given out"),
    survey.HeadcountBasis.COUNTED: _("counted at the door"),
    survey.HeadcountBasis.EXPECTED: _("expected, not counted yet"),
}
NO_ESTIMATE = {
    "too_few": _("Fewer than %(fewest)s answers: nothing is estimated yet."),
    "population_missing": _("State how many people took part, group by group."),
    "more_than_all": _(
        "The answers of group “%(group)s” speak for more people than you stated. State how many there really were."
    ),
}


def unit(code: str) -> str:
    """A unit as people write it."""
    return pick(*printed(code)) if code else ""


def portion(line: Any) -> str:
    """What of the quantity counts, as a sum: "÷ 4 people in the car", "× 1/20: used 20 times"."""
    if line.sharing is not None:
        return _("÷ %(people)s people in the car") % {"people": f"{line.sharing.normalize():f}"}
    if line.uses is None:
        return ""
    part = {"part": str(share.of(line)), "uses": line.uses, "basis": line.uses_basis}
    if line.reused_percent is None:
        return _("× %(part)s: used %(uses)s times in its life (%(basis)s)") % part
    part["percent"] = f"{line.reused_percent.normalize():f}"
    return _("× %(part)s: %(percent)s %% of it used %(uses)s times in its life (%(basis)s)") % part


def units_fitting(code: str) -> str:
    """Units that convert to `code`, for a sentence."""
    return pick("、", ", ").join(unit(other) for other in fitting(code))


def fault(given: Fault) -> Any:
    """What is wrong, and what to do."""
    words = given.words
    if "category" in words:
        words["category"] = CATEGORIES[words["category"]]
    if "wanted" in words:
        words |= {"fitting": units_fitting(words["wanted"])}
        words |= {"unit": unit(words["unit"]), "wanted": unit(words["wanted"])}
    if "candidates" in words:
        words |= {"candidates": pick("或", " or ").join(words["candidates"])}
    if "theirs" in words:
        words |= {"theirs": GWP_SETS[words["theirs"]], "ours": GWP_SETS[words["ours"]]}
    return FAULTS[given.code] % words


def finding(given: Mapping[str, Any]) -> str:
    """What is wrong with a text of a list, and what to do; how often it stands there is said beside it."""
    names = pick("或", " or ").join(given.get("candidates", ()))
    said = FAULTS[given["code"]] % {"candidates": names, **way(given)}
    written = given["written"]
    return _("“%(written)s”: %(said)s") % {"written": written, "said": said} if written else str(said)


def way(given: Mapping[str, Any]) -> dict[str, Any]:
    """The mode of a question about a way, in words; nothing for other findings."""
    _place, mode = given.get("way") or ("", "")
    return {"mode": MODES[travel.Mode(mode)]} if mode else {}


def asked(given: Mapping[str, Any]) -> str:
    """A question about a place or a way, with how many rows wait for it."""
    rows = ngettext("“%(written)s” (%(count)s row)", "“%(written)s” (%(count)s rows)", given["count"])
    written = " · ".join([given["written"], *map(str, way(given).values())])
    return rows % {"written": written, "count": given["count"]}


def place(given: Place) -> str:
    """A place so that it is told from others of its name."""
    name = pick(given.name_zh, given.name_en)
    if not given.province:
        return f"{name} ({given.country})" if given.country != name else name
    return name


def gap(given: Gap, rulebook: Rulebook) -> Any:
    """What is missing, with the name of its source."""
    return labelled(source(given.source, rulebook), GAPS[given.code])


def labelled(label: Any, message: Any) -> str:
    """What is wrong or missing, after the name of what it is about."""
    return _("%(label)s: %(message)s") % {"label": label, "message": message}


def doubt(given: Doubt) -> str:
    """What is unusual, with the band it lies outside of."""
    return DOUBTS[given.code] % {"value": given.value, "low": given.band.low, "high": given.band.high}


def source(code: str, rulebook: Rulebook) -> Any:
    """The name of a source under a rulebook."""
    if code == "other":
        return OTHER_SOURCE
    found = next((item for item in rulebook.sources if item.code == code), None)
    return pick(found.name_zh, found.name_en) if found is not None else code
