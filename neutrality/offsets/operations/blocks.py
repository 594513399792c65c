"""Blocks: the registry operator records what a registry issued."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import NumericRange
from django.utils.translation import gettext_lazy as _

from neutrality.codes import new_code
from neutrality.ledger import operations as ledger
from neutrality.offsets import places, rules
from neutrality.offsets.models import Block, Project, Registry, SerialLine, UnitKind
from neutrality.offsets.operations import noting
from neutrality.offsets.operations.days import refuse_ahead
from neutrality.planting import queries as planting
from neutrality.refusals import Problem, Refusal
from neutrality.trail import operations as trail

EXPIRING = "expiring"
WHY = {
    "blank": _("Enter the serial number."),
    "characters": _("The serial number holds signs no registry uses. Copy it from the registry's page."),
    "too_long": _("The text is too long for a serial number."),
    "too_large": _("A number in the serial is too large."),
    "shape": _("This is not how this registry writes its serial numbers. Compare it with the example."),
    "fields": _("The serial number has %(found)s parts; this registry writes %(expected)s."),
    "digits": _("Between the dashes only the digits 0 to 9 can stand; %(text)s is not a number."),
    "range": _("The last number must not be smaller than the first, and both begin at 1."),
    "range_missing": _("The run of numbers is missing. Write the first and the last number, or the quantity."),
    "date": _("%(text)s in the serial number is not a day."),
    "vintage": _("The vintage in the serial number cannot be right."),
    "quantity": _("The serial number spans %(run)s units, but %(declared)s are declared. Both must be equal."),
    "period_missing": _("Write the full CER serial, with its commitment period and project: CN-5-1-2-2-0-7014."),
    EXPIRING: _("tCER and lCER expire and are kinds of their own (unit types 6 and 7); choose the kind of the number."),
    "ends_differ": _("The two ends of the run belong to different projects or periods."),
}


class SerialRefused(Refusal):
    code = "serial"


class NumbersTaken(Refusal):
    code = "numbers_taken"
    message = _("Some of these numbers are already recorded here.")


class ProjectElsewhere(Refusal):
    code = "project_elsewhere"
    message = _("This project belongs to another registry.")


class LandPlanted(Refusal):
    code = "land_planted"
    message = _(
        "The project lies on plot %(plot)s, planted for an activity and declared never to be credited (R1.24). Units "
        "for growth after the declaration support no claim."
    )


def refuse_planted(project: Project | None, grown_to: date | None, field: str = "project") -> None:
    """LandPlanted where units of the project would credit a second time what was declared for an activity (R1.24)."""
    plot = planting.barring(project.code, grown_to) if project is not None and grown_to is not None else None
    if plot is not None:
        raise LandPlanted(LandPlanted.message % {"plot": plot.number}, field=field)


def read_serial(kind: UnitKind, text: str, quantity: int | None) -> rules.Serial:
    """The serial of that kind, or SerialRefused in words. Units are numbered from 1 here, whatever a table says."""
    try:
        read = rules.parse(kind.syntax, text, quantity)
        if read.first < 1:
            raise rules.NotASerial("range")
        return read
    except rules.NotASerial as bad:
        raise SerialRefused(f"serial_{bad.code}", WHY[bad.code] % bad.params, field="serial") from bad


class SerialDenies(Refusal):
    code = "serial_denies"
    message = _("The serial number says otherwise.")


def refuse_denied(read: rules.Serial, project: str, start: date, end: date, field: str) -> None:
    """SerialDenies where the number itself names another project or vintage: a number stands for one tonne of one
    project, whatever somebody writes beside it. `field` is where the project is entered."""
    years = f"{read.vintage_start} – {read.vintage_end}"
    words = {
        "project": (field, _("The serial number names project %(id)s.") % {"id": read.project}),
        "vintage": ("vintage_start", _("The serial number says the vintage is %(years)s.") % {"years": years}),
    }
    denied = rules.contradicted(read, project, start, end)
    if denied:
        raise SerialDenies.many(Problem(SerialDenies.code, words[each][1], words[each][0]) for each in denied)


def locked_line(registry: Registry, text: str) -> SerialLine:
    """The line of a serial, locked: whoever enters numbers on it waits here, so that the refusal can name the other."""
    line, _made = SerialLine.objects.get_or_create(registry=registry, text=text)
    return SerialLine.objects.select_for_update().get(pk=line.pk)


def taken_by(numbers: NumericRange) -> Block | None:
    """The block that already holds one of these numbers."""
    return Block.objects.filter(numbers__overlap=numbers).select_related("kind").order_by("id").first()


def refuse_taken(block: Block, line: SerialLine, numbers: NumericRange) -> None:
    """NumbersTaken, naming the numbers both share (TV13)."""
    base = line.pk * (rules.LARGEST + 1)
    first = max(numbers.lower, block.numbers.lower) - base
    last = min(numbers.upper, block.numbers.upper) - 1 - base
    words = _("The numbers %(first)s to %(last)s are already recorded in block %(block)s.")
    raise NumbersTaken(words % {"first": first, "last": last, "block": block.code}, field="serial")


def folded(line: SerialLine, first: int, last: int) -> NumericRange:
    return NumericRange(*rules.folded(line.pk, first, last))


def new_block(*, key: str, line: SerialLine, serial: rules.Serial, place: Any, by: Any, at: datetime, **facts: Any):
    """Insert a block and issue its units into `place`. The caller holds the line's lock and writes the trail."""
    numbers = folded(line, serial.first, serial.last)
    if other := taken_by(numbers):
        refuse_taken(other, line, numbers)
    transfer = ledger.issue(
        quantity=serial.quantity,
        place=place,
        key=f"issue:{key}",
        reason="issue",
        event_on=facts["issued_on"],
        by=by,
        at=at,
    )
    return Block.objects.create(
        line=line,
        numbers=numbers,
        serial_first=serial.first,
        serial_last=serial.last,
        pattern=serial.pattern,
        quantity=serial.quantity,
        house=transfer.span,
        issued_at=at,
        issued_by=by,
        key=key,
        **facts,
    )


@ledger.act
def issue_block(
    *,
    kind: UnitKind,
    project: Project | None,
    serial: str,
    quantity: int | None,
    vintage_start: date,
    vintage_end: date,
    owner: Any,
    issued_on: date,
    key: str,
    by: Any,
    at: datetime,
    labels: str = "",
) -> Block:
    """Record a block a registry issued; its units lie with `owner`. Refuses overlaps inside a registry (R3.4)."""
    if done := ledger.once(Block, key, kind=kind, owner=owner, issued_on=issued_on):
        return done
    refuse_ahead(issued_on, at, "issued_on")
    read = read_serial(kind, serial, quantity)
    if read.temporary != kind.temporary:
        raise SerialRefused(f"serial_{EXPIRING}", WHY[EXPIRING], field="serial")
    if project is not None and project.registry_id != kind.registry_id:
        raise ProjectElsewhere(field="project")
    refuse_denied(read, project.identifier if project else "", vintage_start, vintage_end, "project")
    refuse_planted(project, vintage_end)
    line = locked_line(kind.registry, read.line)
    facts = {"kind": kind, "project": project, "owner": owner, "issued_on": issued_on, "origin": "issued"}
    facts |= {"vintage_start": vintage_start, "vintage_end": vintage_end, "labels": labels.strip()}
    try:
        with transaction.atomic():
            block = new_block(key=key, line=line, serial=read, place=places.held(owner), by=by, at=at, **facts)
    except IntegrityError as clash:
        raise NumbersTaken(field="serial") from clash
    content = {"kind": kind.code, "serial": block.serial, "quantity": block.quantity, "owner": owner.code}
    trail.record(verb="block.issue", subject=f"block:{block.code}", by=by, at=at, content=content, public=True)
    return block


@transaction.atomic
def set_operator(*, registry: Registry, organization: Any, by: Any, at: datetime) -> Registry:
    """Say which organization runs a registry's desk here: it records its blocks and checks its proofs."""
    locked = Registry.objects.select_for_update().get(pk=registry.pk)
    locked.operator = organization
    locked.save(update_fields=["operator"])
    content = {"operator": organization.code if organization else None}
    trail.record(verb="registry.operator", subject=f"registry:{registry.code}", by=by, at=at, content=content)
    return locked


class ProjectKnown(Refusal):
    code = "project_known"
    message = _("A project with this id is already recorded for this registry.")


@transaction.atomic
def register_project(*, facts: dict[str, Any], by: Any, at: datetime) -> Project:
    """Record a project of a registry; its code is made of the registry's and its own id."""
    registry, identifier = facts["registry"], facts["identifier"].strip()
    if Project.objects.filter(registry=registry, identifier=identifier).exists():
        raise ProjectKnown(field="identifier")
    made = Project(**facts | {"identifier": identifier, "code": project_code(registry, identifier)})
    made.save(force_insert=True)
    content = {"registry": registry.code, "identifier": identifier, **noting.enter(project=made, by=by, at=at)}
    trail.record(verb="project.register", subject=f"project:{made.code}", by=by, at=at, content=content, public=True)
    return made


def project_code(registry: Registry, identifier: str) -> str:
    """The public code of a project, fit for an address."""
    code = plain_code(registry, identifier)
    return new_code(code, groups=1) if Project.objects.filter(code=code).exists() else code


def plain_code(registry: Registry, identifier: str) -> str:
    """The code a project has where no other took it."""
    plain = "".join(sign if sign.isalnum() else "-" for sign in identifier.lower())
    return f"{registry.code}-{plain}"[:50]
