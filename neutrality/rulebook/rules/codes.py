"""The words a rule pack may use: every code, once. A pack that uses another is refused."""

from enum import StrEnum


class Form(StrEnum):
    """An event has bounded dates; an operation has a reporting period (R2.3)."""

    EVENT = "event"
    OPERATION = "operation"


class Kind(StrEnum):
    """What is being settled (R1.2, R2.2)."""

    MEETING = "meeting"
    FORUM = "forum"
    EXHIBITION = "exhibition"
    COMPETITION = "competition"
    PERFORMANCE = "performance"
    ANNUAL_MEETING = "annual_meeting"
    OTHER_EVENT = "other_event"
    SCENIC_AREA = "scenic_area"
    HOTEL = "hotel"
    MALL = "mall"
    RESTAURANT = "restaurant"
    ENTERPRISE = "enterprise"
    PUBLIC_BODY = "public_body"
    SOCIAL_ORGANIZATION = "social_organization"
    OTHER_OPERATION = "other_operation"


class Stage(StrEnum):
    """Parts of a boundary: three of an event (R1.9), one of an operating period."""

    PREPARATION = "preparation"
    HOLDING = "holding"
    CLOSING = "closing"
    OPERATION = "operation"


class Duty(StrEnum):
    """How a stage stands to the boundary."""

    MANDATORY = "mandatory"
    ENCOURAGED = "encouraged"


class SourceCode(StrEnum):
    """Where emissions come from (R1.40 and what is material beside it, R1.42)."""

    STATIONARY_FUEL = "stationary_fuel"
    MOBILE_FUEL = "mobile_fuel"
    REFRIGERANT = "refrigerant"
    ELECTRICITY = "electricity"
    HEAT = "heat"
    PARTICIPANT_TRAVEL = "participant_travel"
    STAFF_TRAVEL = "staff_travel"
    LOCAL_TRANSPORT = "local_transport"
    FREIGHT = "freight"
    LODGING = "lodging"
    CATERING = "catering"
    GOODS = "goods"
    VENUE_CONSTRUCTION = "venue_construction"
    WATER = "water"
    WASTE = "waste"
    ONLINE = "online"


class FactorCategory(StrEnum):
    """Categories of the factor library."""

    STATIONARY_COMBUSTION = "stationary_combustion"
    MOBILE_COMBUSTION = "mobile_combustion"
    PURCHASED_ELECTRICITY = "purchased_electricity"
    PURCHASED_HEAT = "purchased_heat"
    PARTICIPANT_TRAVEL = "participant_travel"
    LOCAL_TRANSPORT = "local_transport"
    FREIGHT = "freight"
    ACCOMMODATION = "accommodation"
    CATERING = "catering"
    MATERIALS = "materials"
    VENUE_CONSTRUCTION = "venue_construction"
    WATER = "water"
    WASTEWATER = "wastewater"
    WASTE = "waste"
    FUGITIVE = "fugitive"
    DIGITAL = "digital"


class FamilyCode(StrEnum):
    """Families of units and sinks (R1.17, R1.19, R1.22)."""

    ALLOWANCE = "allowance"
    CCER = "ccer"
    LOCAL_CREDIT = "local_credit"
    FORESTRY_TICKET = "forestry_ticket"
    FOREIGN_DOMESTIC = "foreign_domestic"
    FOREIGN = "foreign"
    NEW_FOREST = "new_forest"


class Eligibility(StrEnum):
    """How a rulebook treats a family."""

    LISTED = "listed"  # named by the text
    NEEDS_RECOGNITION = "needs_recognition"  # counts with proof of provincial recognition (U4, R3.29b)
    OUTSIDE = "outside"  # counts, but outside the recommended list: the statement explains it (R1.19)


class DeadlineCode(StrEnum):
    """Clocks a rulebook sets."""

    UNITS = "units"
    FOREST = "forest"
    STATEMENT = "statement"
    EXPIRY = "expiry"


class Start(StrEnum):
    """What a clock runs from."""

    END = "end"
    CONFIRMATION = "confirmation"


class Force(StrEnum):
    """How firmly a clock is set."""

    MUST = "must"
    IN_PRINCIPLE = "in_principle"
    HOUSE = "house"  # the text is silent, this portal's default


class ConfirmationCode(StrEnum):
    """Ways to confirm the result (R1.31)."""

    SELF = "self"
    INDEPENDENT = "independent"


class PlanItemCode(StrEnum):
    """What a published plan shows (R1.12)."""

    NAME = "name"
    DATES = "dates"
    PLACE = "place"
    SUMMARY = "summary"
    ESTIMATE = "estimate"
    MEASURES = "measures"
    OFFSET_METHOD = "offset_method"
    PROMISED_ON = "promised_on"


class StatementItemCode(StrEnum):
    """What a statement shows: eight items (R1.36), then what makes them traceable (R1.37)."""

    NAME = "name"
    ORGANIZER = "organizer"
    DATES = "dates"
    EMISSIONS = "emissions"
    OFFSET = "offset"
    CONFIRMATION = "confirmation"
    EVALUATOR = "evaluator"
    DECLARANT = "declarant"
    UNITS = "units"
    ESTIMATE = "estimate"
    EXCLUSIONS = "exclusions"
    RULEBOOK = "rulebook"
    QUALITY = "quality"


class ClaimCode(StrEnum):
    """What may be said about an activity (R1.39)."""

    NONE = "none"
    COMMITTED = "committed"
    ACCOUNTING = "accounting"
    PARTLY_OFFSET = "partly_offset"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    NEUTRAL_SELF_DECLARED = "neutral_self_declared"
    NEUTRAL_EVALUATED = "neutral_evaluated"
    NOT_ACHIEVED = "not_achieved"
    UNDER_REVIEW = "under_review"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Measured(StrEnum):
    """What a size class counts."""

    PEOPLE_ON_SITE = "people_on_site"
    FLOOR_AREA_M2 = "floor_area_m2"


class Basis(StrEnum):
    """Where a part of a pack comes from."""

    OWN = "own"  # the text says it
    FOLLOWS = "follows"  # the text points to, or we fall back on, another rulebook
    NONE = "none"  # the text sets nothing
    UNKNOWN = "unknown"  # the text was not readable to us; we do not guess
    HOUSE = "house"  # this portal's design where texts are silent


class Part(StrEnum):
    """The parts of a pack; each says its basis."""

    SIZE_CLASSES = "size_classes"
    STAGES = "stages"
    SOURCES = "sources"
    UNIT_FAMILIES = "unit_families"
    DEADLINES = "deadlines"
    CONFIRMATION_MODES = "confirmation_modes"
    PLAN_ITEMS = "plan_items"
    STATEMENT_ITEMS = "statement_items"
    CLAIM_WORDS = "claim_words"


class HolidayKind(StrEnum):
    """How a day departs from the week (R8.2)."""

    OFF = "off"
    WORK = "work"


COUNTRY = "100000"
ABROAD = "990000"  # house code of regions.csv
FORM_OF = {
    kind: Form.EVENT if position < list(Kind).index(Kind.SCENIC_AREA) else Form.OPERATION
    for position, kind in enumerate(Kind)
}
STAGES_OF = {
    Form.EVENT: (Stage.PREPARATION, Stage.HOLDING, Stage.CLOSING),
    Form.OPERATION: (Stage.OPERATION,),
}
