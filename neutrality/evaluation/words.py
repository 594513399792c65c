"""The words for the codes of this room."""

from django.utils.translation import gettext_lazy as _

from neutrality.evaluation.checks import Code, Severity
from neutrality.evaluation.rules import Conflict, Declaration, Mode, Objection, Opinion, State, Statement, Verdict

MODES = {
    Mode.NONE: _("Not confirmed"),
    Mode.SELF: _("Self-commitment"),
    Mode.INDEPENDENT: _("Independent evaluation"),
}
OPINIONS = {
    Opinion.UNMODIFIED: _("Unmodified opinion: no material misstatement found"),
    Opinion.MODIFIED: _("Modified opinion: sound except for the points named"),
    Opinion.ADVERSE: _("Adverse opinion: the inventory is materially misstated"),
    Opinion.DISCLAIMER: _("No opinion: evidence was not sufficient"),
}
VERDICTS = {
    Verdict.AGREED: _("Agreed with the evidence"),
    Verdict.CLARIFY: _("Needs an explanation"),
    Verdict.MISSTATED: _("Misstated"),
}
TREATMENTS = {
    "measured": _("Measured"),
    "estimated": _("Estimated"),
    "not_occurring": _("Does not occur"),
    "included_elsewhere": _("Included elsewhere"),
    "excluded": _("Left out, with reason"),
}
STATES = {
    State.INVITED: _("Waiting for the evaluator's answer"),
    State.ACCEPTED: _("Evaluation under way"),
    State.DECLINED: _("Declined"),
    State.WITHDRAWN: _("Ended by the organizer"),
}
SIGNED = _("Opinion signed")
STATEMENTS = {
    Statement.BOUNDARY: _("Every source inside the boundary is measured, estimated, or left out with its reason."),
    Statement.RECORDS: _("The quantities come from records that we hold and can show."),
    Statement.FACTORS: _("The factors fit the year, the place and the unit of each quantity."),
    Statement.REDUCTION: _("We reduced first, and reported every planned measure as done or dropped."),
    Statement.ONE_USE: _("The units cancelled for this activity are used for nothing else."),
    Statement.KEPT: _("We keep the evidence and show it to the authority on request."),
    Statement.TRUTH: _("We publish the result and answer for its truth."),
}
DECLARATIONS = {
    Declaration.NOT_COMPILED: _("None of us compiled the plan or the inventory, or advised on them."),
    Declaration.NO_TIE: _("We share no assets, owners, managers or staff with the organizer."),
    Declaration.NO_UNITS: _("We neither sell nor develop nor own the units used."),
    Declaration.NO_FUNDING: _("No payment or funding depends on the outcome."),
    Declaration.COMPETENT: _("The team has the competence this activity needs."),
}
CONFLICTS = {
    Conflict.SAME_ORGANIZATION: _("The evaluator is the organizer itself."),
    Conflict.NOT_EVALUATOR: _("This organization is not registered as an evaluator."),
    Conflict.NOT_VERIFIED: _("This evaluator is not verified yet."),
    Conflict.RESTRICTED: _("This evaluator may not give opinions at present."),
    Conflict.SHARED_MEMBER: _("Somebody belongs to both the evaluator and the organizer."),
    Conflict.COMPILER: _("Somebody of the evaluator compiled the plan or an inventory of this activity."),
    Conflict.UNITS: _("The evaluator owned, held or sold units used for this activity."),
}
OBJECTIONS = {
    Objection.UNREAD_LINES: _("A positive opinion needs a finding for every line. Some lines have none yet."),
    Objection.OPEN_QUESTIONS: _("Some lines still need an explanation. Settle them, or choose another opinion."),
    Objection.MISSTATEMENTS: _("Some lines are misstated, so the opinion cannot be unmodified."),
    Objection.MATERIAL: _("The misstatements exceed 5 % of the total, so the opinion cannot be positive."),
}
SEVERITIES = {
    Severity.WARNING: (_("Warning"), "bad"),
    Severity.QUESTION: (_("Question"), "wait"),
    Severity.NOTE: (_("Note"), ""),
}
FINDINGS = {
    Code.SOURCE_MISSING: _("%(source)s: the guide asks about this source, and the inventory does not answer."),
    Code.MUCH_EXCLUDED: _("%(number)s sources are excluded or counted elsewhere. Is the boundary still whole?"),
    Code.NO_PEOPLE: _("Nobody counted the people who came, so nothing can be compared per head."),
    Code.HEAD_LOW: _("%(value)s kg a person is less than any known event (%(low)s to %(high)s kg)."),
    Code.HEAD_HIGH: _("%(value)s kg a person is more than any known event (%(low)s to %(high)s kg)."),
    Code.SOURCE_LOW: _("%(source)s: %(value)s kg a person and day is below the usual %(low)s to %(high)s kg."),
    Code.SOURCE_HIGH: _("%(source)s: %(value)s kg a person and day is above the usual %(low)s to %(high)s kg."),
    Code.ZERO_LINE: _("%(source)s: counted, yet the result is zero. Missing is not zero."),
    Code.NO_EVIDENCE: _("%(source)s: %(percent)s %% of the total rests on this line, which has no evidence."),
    Code.EVIDENCE_REUSED: _("%(source)s: the same file also supports line %(other)s."),
    Code.FAR_FROM_ESTIMATE: _("The actual figure differs from the estimate by %(percent)s %%."),
    Code.OWN_FACTOR: _("%(source)s: a factor of the organizer's own was used."),
    Code.NO_MEASURES: _("No reduction measure was planned. Reduction comes before offset."),
    Code.MEASURES_OPEN: _("%(number)s of %(of)s planned measures are not reported yet."),
    Code.UNITS_OVERDUE: _("The term for cancelling units ended on %(day)s; %(short)s t are missing."),
}
for table, codes in (
    (MODES, Mode),
    (OPINIONS, Opinion),
    (VERDICTS, Verdict),
    (STATES, State),
    (STATEMENTS, Statement),
    (DECLARATIONS, Declaration),
    (CONFLICTS, Conflict),
    (OBJECTIONS, Objection),
    (SEVERITIES, Severity),
    (FINDINGS, Code),
):
    if set(table) != set(codes):
        raise RuntimeError(f"{codes.__name__} has codes without words")
