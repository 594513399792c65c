"""The words for the codes of this room: enums in, lazy sentences out. Complete by construction."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from neutrality.activities.rules import CopyPart, Fault, Gap, Level, MeasureState, Phase, State
from neutrality.rulebook.rules import Form, Kind, Stage

FORM: Mapping[Form, Any] = {Form.EVENT: _("Event"), Form.OPERATION: _("Operating period")}
KIND: Mapping[Kind, Any] = {
    Kind.MEETING: _("Meeting"),
    Kind.FORUM: _("Forum"),
    Kind.EXHIBITION: _("Exhibition"),
    Kind.COMPETITION: _("Competition"),
    Kind.PERFORMANCE: _("Performance"),
    Kind.ANNUAL_MEETING: _("Annual meeting"),
    Kind.OTHER_EVENT: _("Other event"),
    Kind.SCENIC_AREA: _("Scenic area"),
    Kind.HOTEL: _("Hotel"),
    Kind.MALL: _("Mall"),
    Kind.RESTAURANT: _("Restaurant"),
    Kind.ENTERPRISE: _("Enterprise"),
    Kind.PUBLIC_BODY: _("Public body"),
    Kind.SOCIAL_ORGANIZATION: _("Social organization"),
    Kind.OTHER_OPERATION: _("Other operation"),
}
LEVEL: Mapping[Level, Any] = {
    Level.INTERNATIONAL: _("International"),
    Level.NATIONAL: _("National"),
    Level.PROVINCIAL: _("Provincial"),
    Level.CITY: _("City"),
    Level.COUNTY: _("County or district"),
    Level.INTERNAL: _("Within the organization"),
}
STATE: Mapping[State, Any] = {
    State.DRAFT: _("Draft"),
    State.COMMITTED: _("Plan published"),
    State.CANCELLED: _("Called off"),
}
PHASE: Mapping[Phase, Any] = {
    Phase.PREPARATION: _("In preparation"),
    Phase.HOLDING: _("Under way"),
    Phase.AFTER: _("Over"),
}
STAGE: Mapping[Stage, Any] = {
    Stage.PREPARATION: _("Preparation stage"),
    Stage.HOLDING: _("Holding stage"),
    Stage.CLOSING: _("Closing stage"),
    Stage.OPERATION: _("Operating period"),
}
MEASURE_STATE: Mapping[MeasureState, Any] = {
    MeasureState.PLANNED: _("Planned"),
    MeasureState.DONE: _("Carried out"),
    MeasureState.DROPPED: _("Not carried out"),
}
GAP: Mapping[Gap, Any] = {
    Gap.SUMMARY: _("Say in a few sentences what the activity is."),
    Gap.PLACE: _("Say where it takes place."),
    Gap.PEOPLE: _("Say how many people you expect on site."),
    Gap.BOUNDARY: _("The boundary leaves out a stage the rulebook wants inside."),
    Gap.ESTIMATE: _("Estimate the emissions and submit the estimate."),
    Gap.MEASURES: _("Plan at least one reduction measure: cutting comes before offsetting."),
    Gap.OFFSET_METHOD: _("Describe how the remaining emissions will be offset."),
    Gap.OFFSET_FAMILIES: _("Choose the kinds of units you mean to use."),
    Gap.PROMISED_ON: _("Name the day by which you expect to reach neutrality."),
    Gap.PROMISED_TOO_EARLY: _("The promised day must lie after the last day: only actual emissions can be settled."),
    Gap.PROMISED_TOO_LATE: _("The promised day lies after the deadline of the rulebook. Choose an earlier one."),
    Gap.DISCLOSE_TOO_EARLY: _("The day promised for the statement must lie after the last day."),
    Gap.UNVERIFIED: _("Your organization has not been verified yet. Drafts can be prepared; publishing waits for it."),
}
FAULT: Mapping[Fault, Any] = {
    Fault.ENDS_BEFORE_START: _("The last day lies before the first day. Correct one of them."),
    Fault.NOT_WHOLE_MONTHS: _("An operating period runs from the first day of a month to the last day of a month."),
    Fault.PERIOD_TOO_LONG: _("An operating period has at most 24 months. Register the rest as another one."),
    Fault.EVENT_TOO_LONG: _("An event lasts less than a year and a day. Register an operating period instead."),
    Fault.UNKNOWN_STAGE: _("Choose the stages from the list."),
    Fault.MANDATORY_STAGE: _("The rulebook wants this stage inside the boundary; tick it: holding or operation."),
    Fault.UNKNOWN_FAMILY: _("Choose the kinds of units from the list."),
    Fault.OTHER_FORM: _("This rulebook does not cover such activities. Choose another one."),
}
COPY_PART: Mapping[CopyPart, Any] = {
    CopyPart.PLACE: _("Place"),
    CopyPart.SIZE: _("Numbers of people and floor area"),
    CopyPart.BOUNDARY: _("Stages inside the boundary"),
    CopyPart.MEASURES: _("Reduction measures, as planned; outcomes and evidence stay behind"),
    CopyPart.OFFSET: _("How the rest will be offset"),
}

for table, every in (
    (FORM, Form),
    (KIND, Kind),
    (LEVEL, Level),
    (STATE, State),
    (PHASE, Phase),
    (STAGE, Stage),
    (MEASURE_STATE, MeasureState),
    (GAP, Gap),
    (FAULT, Fault),
    (COPY_PART, CopyPart),
):
    if set(table) != set(every):
        raise AssertionError(f"words are missing for {every.__name__}")


FIELD: Mapping[str, Any] = {
    "name_zh": _("Name in Chinese"),
    "name_en": _("Name in English"),
    "summary": _("What it is"),
    "place_name": _("Place"),
    "starts_on": _("First day"),
    "ends_on": _("Last day"),
    "expected_people": _("People expected on site"),
    "actual_people": _("People who came"),
    "offset_method": _("How the rest will be offset"),
    "promised_on": _("Neutrality expected by"),
    "disclose_on": _("Statement promised by"),
    "state": _("Carried out or not"),
    "outcome": _("What came of it"),
    "achieved_kg": _("Achieved effect"),
    "evidence": _("Evidence"),
}


def field(name: str) -> Any:
    """The words for an amended field; "measure.2.outcome" names the second measure's."""
    if not name.startswith("measure."):
        return FIELD[name]
    _room, number, part = name.split(".")
    return format_lazy("{} {}: {}", _("Measure"), number, FIELD[part])


def choices(table: Mapping[Any, Any]) -> list[tuple[str, Any]]:
    """A table of words as the choices of a form field."""
    return [(code.value if isinstance(code, Enum) else code, words) for code, words in table.items()]
