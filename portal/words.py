"""Words for codes, as the pages of the shell show them. A code without words stops the start."""

from django.utils.translation import gettext_lazy as _

from accounts import words as accounts
from neutrality.activities import words as activities
from neutrality.evaluation import words as evaluation
from neutrality.inventory import words as inventory
from neutrality.oversight import words as oversight
from neutrality.rulebook.rules import Basis, ClaimCode, Duty, Eligibility, Force, Measured, Part, Start
from portal.steps import Code

BASES = {
    Basis.OWN: _("said by the text itself"),
    Basis.FOLLOWS: _("follows another rulebook"),
    Basis.NONE: _("the text sets nothing"),
    Basis.UNKNOWN: _("not readable to us, and not guessed"),
    Basis.HOUSE: _("this portal's design where the text is silent"),
}
PARTS = {
    Part.SIZE_CLASSES: _("Classes of size"),
    Part.STAGES: _("Stages inside the boundary"),
    Part.SOURCES: _("Sources of emissions"),
    Part.UNIT_FAMILIES: _("Kinds of units, in their order"),
    Part.DEADLINES: _("Deadlines"),
    Part.CONFIRMATION_MODES: _("Ways to confirm the result"),
    Part.PLAN_ITEMS: _("What a published plan shows"),
    Part.STATEMENT_ITEMS: _("What a statement shows"),
    Part.CLAIM_WORDS: _("What may be said, and what not"),
}
DUTIES = {Duty.MANDATORY: _("must be inside"), Duty.ENCOURAGED: _("encouraged")}
ELIGIBILITIES = {
    Eligibility.LISTED: _("named by the text"),
    Eligibility.NEEDS_RECOGNITION: _("counts with proof of provincial recognition"),
    Eligibility.OUTSIDE: _("outside the recommended list; the statement explains it"),
}
STARTS = {Start.END: _("after the last day"), Start.CONFIRMATION: _("after the confirmation")}
FORCES = {
    Force.MUST: _("required"),
    Force.IN_PRINCIPLE: _("in principle"),
    Force.HOUSE: _("this portal's default, the text is silent"),
}
MEASURES = {Measured.PEOPLE_ON_SITE: _("people on site"), Measured.FLOOR_AREA_M2: _("m² of floor")}
CLAIMS = {
    ClaimCode.NONE: _("Nothing published"),
    ClaimCode.COMMITTED: _("Plan published, activity not over"),
    ClaimCode.ACCOUNTING: _("Activity over, accounting not final"),
    ClaimCode.PARTLY_OFFSET: _("Cancelled less than emitted"),
    ClaimCode.AWAITING_CONFIRMATION: _("Covered, not yet confirmed"),
    ClaimCode.NEUTRAL_SELF_DECLARED: _("Covered and self-committed"),
    ClaimCode.NEUTRAL_EVALUATED: _("Covered and positively evaluated"),
    ClaimCode.NOT_ACHIEVED: _("Deadline passed, still short"),
    ClaimCode.UNDER_REVIEW: _("Units or figures in doubt"),
    ClaimCode.WITHDRAWN: _("Claim withdrawn"),
    ClaimCode.CANCELLED: _("Activity called off"),
    ClaimCode.EXPIRED: _("Claim past its period"),
}
STEPS = {
    Code.PLAN: _("Publish the plan"),
    Code.HOLD: _("Hold the activity"),
    Code.ACCOUNT: _("Account what was emitted"),
    Code.COVER: _("Cancel units for it"),
    Code.CONFIRM: _("Have the result confirmed"),
    Code.PUBLISH: _("Publish the statement"),
}
# What stands in for a value where the words of a claim are shown as a rule.
BLANKS = {
    "on": _("date"),
    "total": _("emitted"),
    "done": _("cancelled"),
    "percent": _("share"),
    "body": _("evaluator"),
    "reason": _("reason"),
}
# The menus every page bears: names of addresses and the words for them.
MENUS = {
    "rooms": {
        "disclosure:register": _("Public register"),
        "offsets:registry": _("Offset registry"),
        "standing:index": _("Organizations and lists"),
        "inventory:factors": _("Emission factors"),
        "opendata:index": _("Open data"),
        "portal:methodology": _("Methodology"),
    },
    "proof": {
        "portal:methodology": _("How everything is calculated"),
        "trail:list": _("Public log of every act"),
        "portal:check": _("Check a certificate"),
        "opendata:index": _("Download the data"),
    },
}
TABLES = {
    "form": activities.FORM,
    "kind": activities.KIND,
    "basis": BASES,
    "part": PARTS,
    "duty": DUTIES,
    "eligibility": ELIGIBILITIES,
    "start": STARTS,
    "force": FORCES,
    "measured": MEASURES,
    "claim": CLAIMS,
    "treatment": inventory.TREATMENTS,
    "measure": activities.MEASURE_STATE,
    "stage": activities.STAGE,
    "tier": inventory.TIERS,
    "gwp": inventory.GWP_SETS,
    "step": STEPS,
    "case": oversight.KINDS,
    "opinion": evaluation.OPINIONS,
    "role": accounts.ROLES,
    "organization": accounts.KINDS,
}
for _table in TABLES.values():
    _codes = type(next(iter(_table)))
    if set(_table) != set(_codes):
        raise RuntimeError(f"every {_codes.__name__} needs its words")
