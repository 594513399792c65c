"""What codes are called in people's languages: kinds, roles, what each role lets one do, what is wrong with a code."""

from django.utils.translation import gettext_lazy as _

from accounts.rules import KEY_DAYS as DAYS
from accounts.rules import Kind, NotUscc, RestrictionKind, Role, Scope, UsccProblem
from neutrality.refusals import Problem

KINDS = {
    Kind.ORGANIZER: _("Organizer"),
    Kind.EVALUATOR: _("Evaluation body"),
    Kind.REGISTRY: _("Registry operator"),
    Kind.REGULATOR: _("Regulator"),
    Kind.SELLER: _("Holder of offset units"),
}

KIND_MEANINGS = {
    Kind.ORGANIZER: _("Holds activities and settles their accounts."),
    Kind.SELLER: _("Holds and offers offset units; may hold activities as well."),
    Kind.EVALUATOR: _("Gives independent opinions on the accounts of others."),
    Kind.REGISTRY: _("Runs the offset registry and checks cancellations made elsewhere."),
    Kind.REGULATOR: _("Reviews, hears challenges and decides in its area."),
}

# What a visitor of the demonstration can try as somebody of a kind; "" is a person without an organization.
KIND_TASKS = {
    Kind.ORGANIZER: _("Take an account from the draft to the statement; cancel what is short; answer the regulator."),
    Kind.EVALUATOR: _("Look at every line of an account and sign an opinion."),
    Kind.REGISTRY: _("Check a cancellation made elsewhere; record blocks; void units that proved false, two persons."),
    Kind.REGULATOR: _("Verify an organization, review what was filed, decide a challenge with a second officer."),
    Kind.SELLER: _("Answer an order for units; offer what you hold."),
    "": _("Read as everybody may, and doubt a figure of a statement."),
}

ROLES = {
    Role.OWNER: _("Owner"),
    Role.PREPARER: _("Preparer"),
    Role.SIGNATORY: _("Signatory"),
    Role.EVALUATOR: _("Evaluating expert"),
    Role.REGISTRAR: _("Registrar"),
    Role.REGULATOR: _("Officer"),
    Role.ADMINISTRATOR: _("Member administrator"),
    Role.VIEWER: _("Viewer"),
}

ROLE_MEANINGS = {
    Role.OWNER: _("May do everything in the organization's name and make others owners."),
    Role.PREPARER: _("Prepares activities, inventories and the choice of units; signs nothing."),
    Role.SIGNATORY: _("Prepares, and signs: cancels units, confirms and publishes."),
    Role.EVALUATOR: _("Works on evaluations and signs opinions."),
    Role.REGISTRAR: _("Keeps projects and blocks and checks proofs of cancellation."),
    Role.REGULATOR: _("Reviews filings, verifies organizations, proposes and decides cases."),
    Role.ADMINISTRATOR: _("Invites and removes members, except owners; signs nothing."),
    Role.VIEWER: _("Sees what members see; changes nothing."),
}

RESTRICTIONS = {
    RestrictionKind.SELF_DECLARATION: _("May not confirm its own accounts; an independent evaluation is needed."),
}

SCOPES = {
    Scope.READ: _("Read activities and drafts of inventories"),
    Scope.WRITE: _("Replace the lines of a draft, hand in lists of participants"),
    Scope.DEPOSIT: _("Deposit the months of operating periods"),
}

KEY_DAYS = {30: _("30 days"), 90: _("90 days"), 365: _("365 days")}

KEY_STATES = {"in_force": _("In force"), "expired": _("Expired"), "revoked": _("Revoked")}

USCC_PROBLEMS = {
    UsccProblem.BLANK: _("Enter the unified social credit code; it stands on the business licence."),
    UsccProblem.LENGTH: _("The code has 18 signs; what you entered has %(length)s."),
    UsccProblem.LETTERS: _(
        "These signs do not occur in a code: %(letters)s. "
        "I, O, S, V and Z are never used; perhaps you mean 1, 0, 5 or 2."
    ),
    UsccProblem.DEPARTMENT: _("The first sign names the registering department: a digit from 1 to 9, or A, N or Y."),
    UsccProblem.REGION: _("Signs 3 to 8 name the place of registration and are digits."),
    UsccProblem.CHECK: _(
        "The last sign does not fit the others: one sign is mistyped or two changed places. Compare with the licence."
    ),
}

INNER_WARNING = _(
    "The organization code inside does not fit its own check sign. Some old codes are like this; "
    "please compare with the licence once more."
)


def uscc_problems(error: NotUscc) -> list[Problem]:
    """Everything wrong with a typed code, in words, for the field `code`."""
    facts = {"length": error.length, "letters": " ".join(error.letters)}
    return [Problem(problem.value, USCC_PROBLEMS[problem] % facts, "code") for problem in error.problems]


for table, every in (
    (KINDS, Kind),
    (KIND_MEANINGS, Kind),
    (KIND_TASKS, [*Kind, ""]),
    (ROLES, Role),
    (ROLE_MEANINGS, Role),
    (RESTRICTIONS, RestrictionKind),
    (USCC_PROBLEMS, UsccProblem),
    (SCOPES, Scope),
    (KEY_DAYS, DAYS),
):
    if set(table) != set(every):
        raise AssertionError(f"a table of accounts.words does not cover {every}")
