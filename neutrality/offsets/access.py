"""One getter per noun: fetch and authorise together. Anonymous people are sent to log in by the view."""

from typing import Any

from django.db.models import CharField, Q, QuerySet

from accounts import access as accounts
from accounts.rules import Kind, Permission, area
from neutrality.offsets import rules
from neutrality.offsets.models import (
    Beneficiary,
    Block,
    Clearance,
    Compensation,
    Handover,
    Lock,
    Offer,
    Project,
    Proof,
    Reading,
    Registry,
    RegistryFile,
    Reservation,
    Retirement,
    Surrender,
    Twin,
    UnitKind,
    VoidNotice,
)
from neutrality.statements import Prepared, Told

# Joined with ten others: composing and planning it anew took ten times as long as reading the row.
RETIREMENT: Prepared[Retirement] = Prepared(
    lambda: Retirement.objects.select_related(
        *("activity__organization", "activity__rulebook", "block__kind__registry", "block__project"),
        *("holder", "proof", "transfer"),
    ).filter(number=Told("number", CharField()))
)


def registry(code: str) -> Registry:
    """Public."""
    return _found(Registry.objects.select_related("operator").filter(code=code))


def kind(code: str) -> UnitKind:
    """Public."""
    return _found(UnitKind.objects.select_related("registry").filter(code=code))


def project(code: str) -> Project:
    """Public."""
    return _found(Project.objects.select_related("registry").filter(code=code))


def block(code: str) -> Block:
    """Public."""
    rows = Block.objects.select_related("kind__registry", "project", "owner", "line")
    return _found(rows.filter(code=code))


def retirement(number: str) -> Retirement:
    """Public."""
    row = RETIREMENT.first(number=number)
    if row is None:
        raise accounts.Hidden
    return row


def surrender(number: str) -> Surrender:
    """Public: a unit's purpose is nobody's secret (R3.5)."""
    rows = Surrender.objects.select_related("block__kind__registry", "block__project", "owner")
    return _found(rows.filter(number=number))


def beneficiary(code: str) -> Beneficiary:
    """Public."""
    return _found(Beneficiary.objects.filter(code=code))


def confirmed_void(number: str) -> VoidNotice:
    """Public once confirmed; a proposal is the registry operators' own."""
    rows = VoidNotice.objects.select_related("block__kind__registry", "block__project", "evidence")
    return _found(rows.filter(number=number, state="confirmed"))


def offer(number: str) -> Offer:
    """Public, also once it is closed: who had its page open is told so."""
    rows = Offer.objects.select_related("block__kind__registry", "block__project", "organization")
    return _found(rows.filter(number=number))


def holder(user: Any, code: str, may: Permission = Permission.VIEW) -> Any:
    """An organization whose holdings the user may see (VIEW), or dispose of (RETIRE_UNITS)."""
    return accounts.organization(user, code, may=may)


def handover(user: Any, number: str) -> Handover:
    """For members of both sides."""
    rows = Handover.objects.select_related("block__kind__registry", "block__project", "giver", "taker")
    row = _found(rows.filter(number=number))
    if accounts.role(user, row.giver) is None and accounts.role(user, row.taker) is None:
        raise accounts.Hidden
    return row


def may_say(user: Any, row: Handover) -> list[str]:
    """What the person may say in an open handover now, by the sides they act for. An order is a buyer's to place and
    withdraw with the right to choose units; whoever binds a side needs the right to dispose of them."""
    found = []
    for side, choice in sayable(row):
        right = Permission.CHOOSE_UNITS if choice == "withdrawn" else Permission.RETIRE_UNITS
        if choice not in found and accounts.can(user, right, getattr(row, side)):
            found.append(choice)
    return found


def sayable(row: Handover) -> list[tuple[str, str]]:
    """What can be said in a handover now, and by which side; nothing once it is closed."""
    if row.state != "asked":
        return []
    steps = list(row.steps.values_list("step", flat=True))
    sides = rules.ordering.Side
    return [(side.value, one.value) for side in sides for one in rules.ordering.choices(row.asked_side, steps, side)]


def lock(user: Any, number: str) -> Lock:
    """For members of both sides."""
    row = _found(
        Lock.objects.select_related("block__kind__registry", "block__project", "owner", "holder").filter(number=number)
    )
    if accounts.role(user, row.owner) is None and accounts.role(user, row.holder) is None:
        raise accounts.Hidden
    return row


def reservation(user: Any, number: str) -> Reservation:
    """A reservation for members of its owner and of the activity's organizer."""
    rows = Reservation.objects.select_related(
        "block__kind__registry", "block__project", "owner", "activity__organization", "activity__rulebook"
    )
    row = _found(rows.filter(number=number))
    if accounts.role(user, row.owner) is None and accounts.role(user, row.activity.organization) is None:
        raise accounts.Hidden
    return row


def clearance(number: str) -> Clearance:
    """Public: whoever has the address may read it."""
    rows = Clearance.objects.select_related("block__kind__registry", "block__project", "owner", "reader")
    return _found(rows.filter(number=number))


def compensation(user: Any, number: str) -> Compensation:
    """A case for those who may read it."""
    return _found(_cases(user).filter(number=number))


def cases(user: Any) -> QuerySet[Compensation]:
    """The cases a person may read, newest first; Hidden for everybody else."""
    if not reads_cases(user):
        raise accounts.Hidden
    return _cases(user)


def reads_cases(user: Any) -> bool:
    """Does the person run a registry's desk, or oversee an area? For links."""
    return bool(accounts.regulated_areas(user)) or registries(user).exists()


def _cases(user: Any) -> QuerySet[Compensation]:
    """Those of the registries whose desk the user runs, and for regulators those of owners in their area; nobody else
    reads a case, the public learns sums (R6.8)."""
    seen = Q(block__kind__registry__in=registries(user))
    for code in accounts.regulated_areas(user):
        seen |= Q(owner__region_code__startswith=area(code))
    return Compensation.objects.filter(seen).select_related("block__kind__registry", "block__project", "owner")


def may_release(user: Any, row: Lock) -> bool:
    """Only the lock's holder ends it: a lender by those who may dispose, a registry body by its operators."""
    may = Permission.RUN_REGISTRY if row.kind == "frozen" else Permission.RETIRE_UNITS
    return row.released_at is None and accounts.can(user, may, row.holder)


def registries(user: Any) -> QuerySet[Registry]:
    """Those whose desk here the user runs: its operator's, or, where none is named, every registry organization's."""
    bodies = accounts.organizations(user, Permission.RUN_REGISTRY).filter(kind=Kind.REGISTRY)
    if not bodies.exists():
        return Registry.objects.none()
    return Registry.objects.filter(Q(operator__in=bodies) | Q(operator__isnull=True))


def desk(user: Any) -> QuerySet[Registry]:
    """The registries a registry operator runs; Hidden for everybody else."""
    found = registries(user)
    if not found.exists():
        raise accounts.Hidden
    return found


def body(user: Any) -> Any:
    """The registry organization in whose name a registry operator acts."""
    return _found(accounts.organizations(user, Permission.RUN_REGISTRY).filter(kind=Kind.REGISTRY).order_by("pk"))


def runs(user: Any, registry: Registry) -> bool:
    """Does the user run this registry's desk? For buttons."""
    return registries(user).filter(pk=registry.pk).exists()


def registry_file(digest: str) -> RegistryFile:
    """A file that was read; anyone may see what became of it."""
    return _found(RegistryFile.objects.filter(digest=digest).select_related("registry", "evidence"))


def may_read(user: Any, row: RegistryFile) -> bool:
    """Does the user run the desk of the file's registry (any desk, where it is of several registries)?"""
    return registries(user).exists() if row.registry is None else runs(user, row.registry)


def run_file(user: Any, digest: str) -> RegistryFile:
    """A file of a registry the user runs."""
    row = registry_file(digest)
    if not may_read(user, row):
        raise accounts.Hidden
    return row


def reading(user: Any, number: str) -> Reading:
    """A file being read, for those who run a desk; which registry it is of stands in it only once it was read."""
    desk(user)
    return _found(Reading.objects.filter(number=number).select_related("evidence", "asked_by", "file"))


def twin(user: Any, number: str) -> Twin:
    """A pair of which one project belongs to a registry the user runs."""
    row = _found(Twin.objects.filter(number=number).select_related("first__registry", "second__registry"))
    if not (runs(user, row.first.registry) or runs(user, row.second.registry)):
        raise accounts.Hidden
    return row


def run_project(user: Any, code: str) -> Project:
    """A project of a registry the user runs."""
    row = project(code)
    if not runs(user, row.registry):
        raise accounts.Hidden
    return row


def run_block(user: Any, code: str) -> Block:
    """A block of a registry the user runs."""
    row = block(code)
    if not runs(user, row.kind.registry):
        raise accounts.Hidden
    return row


def checkable_proof(user: Any, number: str) -> Proof:
    """A proof for those who run the desk of its registry. Members of the organizer never check their own (R1.35)."""
    row = proof_row(number)
    if not runs(user, row.kind.registry) or accounts.role(user, row.activity.organization) is not None:
        raise accounts.Hidden
    return row


def proof(user: Any, number: str) -> Proof:
    """A proof for the members of the activity's organizer."""
    row = proof_row(number)
    accounts.require(user, Permission.VIEW, row.activity.organization)
    return row


def proof_row(number: str) -> Proof:
    rows = Proof.objects.select_related(
        "activity__organization", "activity__rulebook", "kind__registry", "evidence", "submitted_by", "decided_by"
    )
    return _found(rows.filter(number=number))


def proposed_void(user: Any, number: str) -> VoidNotice:
    """A notice for those who run the desk of its registry."""
    rows = VoidNotice.objects.select_related("block__kind__registry", "block__project", "evidence", "proposed_by")
    row = _found(rows.filter(number=number))
    if not runs(user, row.block.kind.registry):
        raise accounts.Hidden
    return row


def _found(rows: QuerySet) -> Any:
    row = rows.first()
    if row is None:
        raise accounts.Hidden
    return row
