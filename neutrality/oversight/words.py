"""The words for the codes of this room."""

from django.utils.translation import gettext_lazy as _

from neutrality.oversight.rules import Act, Bar, ClockFault, Kind, Lack, Method, Outcome, State

KINDS = {
    Kind.REVIEW: _("Review"),
    Kind.CHALLENGE: _("Challenge"),
    Kind.LISTING: _("Proposed entry of the black list"),
    Kind.RECOGNITION: _("Proposed entry of the green list"),
    Kind.REPAIR: _("Application for repair"),
    Kind.INVALIDATION: _("Units found void"),
}
STATES = {
    State.OPEN: (_("Open"), "wait"),
    State.RETURNED: (_("Sent back"), "bad"),
    State.ACCEPTED: (_("Reviewed, nothing to mend"), "good"),
    State.CHECKING: (_("Being checked"), "wait"),
    State.ASKED: (_("Waiting for the organizer's answer"), "wait"),
    State.CLOSING: (_("Waiting for a second person to close"), "wait"),
    State.CLOSED: (_("Closed"), "good"),
    State.INVESTIGATED: (_("Investigated"), "wait"),
    State.SERVED: (_("Notice sent"), "wait"),
    State.NOTICED: (_("Notice delivered, term for an answer running"), "wait"),
    State.OBJECTED: (_("Objection pending"), "bad"),
    State.ANSWERED: (_("Objection answered"), "wait"),
    State.RECOMMENDED: (_("Waiting for a second person's decision"), "wait"),
    State.DECIDED: (_("Decided"), "good"),
    State.SETTLED: (_("Decided and put into effect"), "good"),
    State.DISMISSED: (_("Dismissed"), "good"),
    State.APPEALED: (_("Decided; objection pending"), "bad"),
    State.UPHELD: (_("Upheld after objection"), "good"),
    State.REVERSED: (_("Reversed after objection"), "good"),
}
ACTS = {
    Act.OPEN: _("Opened"),
    Act.JOIN: _("Another voice about the same figure"),
    Act.REMARK: _("Remark"),
    Act.SEND_BACK: _("Sent back"),
    Act.ACCEPT: _("Reviewed, nothing to mend"),
    Act.TAKE: _("Taken up"),
    Act.ASK: _("Organizer asked"),
    Act.ANSWER: _("Answer"),
    Act.PROPOSE: _("Closing proposed"),
    Act.CONFIRM: _("Closed by a second person"),
    Act.REFUSE: _("Closing refused"),
    Act.REOPEN: _("Reopened"),
    Act.INVESTIGATE: _("Investigated"),
    Act.SERVE: _("Notice sent"),
    Act.DELIVER: _("Notice delivered"),
    Act.ACKNOWLEDGE: _("Notice acknowledged"),
    Act.BOUNCE: _("Notice came back"),
    Act.OBJECT: _("Objection"),
    Act.REPLY: _("Objection answered"),
    Act.RECOMMEND: _("Decision recommended"),
    Act.DECIDE: _("Decided"),
    Act.SETTLE: _("Put into effect"),
    Act.DISMISS: _("Dismissed"),
    Act.DROP: _("Dropped"),
    Act.APPEAL: _("Objection to the decision"),
    Act.UPHOLD: _("Decision upheld"),
    Act.REVERSE: _("Decision reversed"),
    Act.RESTORE: _("Units replaced"),
}
BUTTONS = {
    Act.REMARK: _("Write a remark"),
    Act.SEND_BACK: _("Send back to the organizer"),
    Act.ACCEPT: _("Nothing to mend: end the review"),
    Act.TAKE: _("Take up"),
    Act.ASK: _("Ask the organizer"),
    Act.ANSWER: _("Answer"),
    Act.PROPOSE: _("Propose to close"),
    Act.CONFIRM: _("Close as second person"),
    Act.REFUSE: _("Refuse to close"),
    Act.REOPEN: _("Reopen"),
    Act.INVESTIGATE: _("Record the investigation"),
    Act.SERVE: _("Send the notice"),
    Act.DELIVER: _("Record the delivery"),
    Act.ACKNOWLEDGE: _("Acknowledge the notice"),
    Act.BOUNCE: _("The notice came back"),
    Act.OBJECT: _("Object"),
    Act.REPLY: _("Answer the objection"),
    Act.RECOMMEND: _("Recommend a decision"),
    Act.DECIDE: _("Decide as second person"),
    Act.DISMISS: _("Dismiss as second person"),
    Act.DROP: _("Drop the case"),
    Act.APPEAL: _("Object to the decision"),
    Act.UPHOLD: _("Uphold the decision"),
    Act.REVERSE: _("Reverse the decision"),
}
BARS = {
    Bar.NOT_ALLOWED: _("This step is not possible in the present state of the case. Open it again and look."),
    Bar.NOT_YOURS: _("You may not take this step in this case."),
    Bar.SAME_PERSON: _("You prepared this case, so a second person has to decide it."),
    Bar.OWN_CASE: _("This case is about an organization you belong to. Somebody else has to act."),
}
LACKS = {
    Lack.EVIDENCE: _("There is no evidence that still stands."),
    Lack.OTHER_CODE: _("A piece of evidence or the notice bears another code number than the organization's."),
    Lack.NOTICE: _("The notice was not delivered."),
    Lack.PROOF: _("The delivery is not proved."),
    Lack.ADDRESS: _("The notice went to an address that was not on record for at least 5 days."),
    Lack.WINDOW: _("The term for an answer is not over yet."),
    Lack.OBJECTION: _("An objection is not answered yet."),
    Lack.ANSWER_LATE: _("The objection was answered only after the decision."),
    Lack.SAME_PERSON: _("The person who decided also prepared the case."),
    Lack.CHANGED_SUBJECT: _("The organization changed its name or code number since the case was opened."),
    Lack.NOT_ORGANIZATION: _("Only organizations can be listed, never a natural person."),
}
METHODS = {
    Method.IN_PERSON: _("Handed over in person"),
    Method.POST: _("Registered post"),
    Method.PORTAL: _("Acknowledged in the portal"),
}
OUTCOMES = {
    Outcome.CORRECTED: _("The figure was corrected"),
    Outcome.UPHELD: _("The doubt was justified"),
    Outcome.PARTLY: _("The doubt was justified in part"),
    Outcome.UNFOUNDED: _("The figure stands"),
    Outcome.REPLACED: _("The void units were replaced"),
}
CLOCK_FAULTS = {
    ClockFault.DISAGREE: _(
        "The clocks of the portal and of its database disagree. Nothing is decided until they agree."
    ),
    ClockFault.BACK: _("The clock went back. Nothing is decided until an officer confirms the time."),
    ClockFault.JUMPED: _("The clock jumped ahead. Nothing is decided until an officer confirms the time."),
}
for table, codes in (
    (KINDS, Kind),
    (STATES, State),
    (ACTS, Act),
    (BARS, Bar),
    (LACKS, Lack),
    (METHODS, Method),
    (OUTCOMES, Outcome),
    (CLOCK_FAULTS, ClockFault),
):
    if set(table) != set(codes):
        raise RuntimeError(f"{codes.__name__} has codes without words")
EXHIBITS = {
    "plan": _("Published plan"),
    "inventory": _("Actual inventory"),
    "statement": _("Published statement"),
    "retirement": _("Record of a cancellation"),
    "evaluation": _("Opinion of an evaluator"),
    "commitment": _("Self-commitment"),
}
SECTIONS = {
    "decisions": _("Waiting for a second person"),
    "challenged": _("Challenged"),
    "filed": _("Filed, not reviewed"),
    "flagged": _("Flagged by the checks"),
    "overdue": _("Overdue cases"),
    "silent": _("Ended, not accounted"),
    "cases": _("All other cases"),
}
