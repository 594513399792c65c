"""Cancellations made in an outside registry: recorded with their proof, checked by somebody else (R3.3, R3.38)."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from neutrality.evidence import operations as evidence
from neutrality.ledger import operations as ledger
from neutrality.offsets import places, rules, words
from neutrality.offsets.facts import known_project, proof_facts, proof_verdict
from neutrality.offsets.models import Block, Project, Proof, Retirement, UnitKind
from neutrality.offsets.models.cancellations import ProofState, Way
from neutrality.offsets.operations.blocks import (
    NumbersTaken,
    folded,
    locked_line,
    new_block,
    project_code,
    read_serial,
    refuse_denied,
    refuse_planted,
    refuse_taken,
    taken_by,
)
from neutrality.offsets.operations.retiring import NotEligible, NotOpen, ReasonMissing, write
from neutrality.refusals import Problem, Refusal
from neutrality.trail import operations as trail


class ProofIncomplete(Refusal):
    code = "proof_incomplete"
    message = _("The proof is not complete.")


class FileUsed(Refusal):
    code = "file_used"
    message = _("This file already proves another cancellation. One document proves one cancellation.")


class CertificateUsed(Refusal):
    code = "certificate_used"
    message = _("This certificate number was already used. One certificate stands for one activity.")


class NotWaiting(Refusal):
    code = "not_waiting"
    message = _("This proof was already decided. Reload the page to see how.")


class SamePerson(Refusal):
    code = "same_person"
    message = _("Whoever entered a proof cannot check it. A second person must.")


class NoteMissing(Refusal):
    code = "note_missing"
    message = _("Say why the proof is rejected, so that the organizer knows what to do.")


@transaction.atomic
def record_proof(
    *,
    activity: Any,
    kind: UnitKind,
    project_id_text: str,
    project_name: str,
    country: str,
    vintage_start: date | None,
    vintage_end: date | None,
    serial: str,
    quantity: int,
    certificate_number: str,
    cancelled_on: date | None,
    account_holder: str,
    beneficiary: str,
    stated_purpose: str,
    document_kind: str,
    final: bool,
    upload: Any,
    reason: str,
    key: str,
    by: Any,
    at: datetime,
) -> Proof:
    """Enter a cancellation for checking. It counts only once a registry operator has checked it (R3.9)."""
    asked = {"activity": activity, "kind": kind, "quantity": quantity, "cancelled_on": cancelled_on}
    if done := ledger.once(Proof, key, certificate_number=rules.tidy(certificate_number), **asked):
        return done
    if activity.state != "committed":
        raise NotOpen
    texts = {"project_id_text": project_id_text, "project_name": project_name, "serial": serial, "reason": reason}
    texts |= {"account_holder": account_holder, "beneficiary": beneficiary}
    days = {"vintage_start": vintage_start, "vintage_end": vintage_end, "cancelled_on": cancelled_on}
    row = Proof(
        key=key,
        activity=activity,
        kind=kind,
        country=country,
        quantity=quantity,
        certificate_number=rules.tidy(certificate_number),
        stated_purpose=stated_purpose,
        document_kind=document_kind,
        **days,
        submitted_at=at,
        submitted_by=by,
        **{name: text.strip() for name, text in texts.items()},
    )
    _enter(row, final, upload, by, at)
    content = {"activity": activity.code, "kind": kind.code, "quantity": quantity, "digest": row.digest}
    content |= {"certificate": row.certificate_number, "serial": row.serial}
    trail.record(verb="proof.record", subject=f"proof:{row.number}", by=by, at=at, content=content)
    return row


def _enter(row: Proof, final: bool, upload: Any, by: Any, at: datetime) -> None:
    """Ask the rules, keep the file, number the units, insert; every refusal names its field."""
    _refuse_gaps(row, final, bool(upload), timezone.localtime(at).date())
    row.rule = _verdict(row, row.reason).rule
    refuse_planted(known_project(row), row.vintage_end, "project_id_text")
    row.evidence = evidence.deposit(upload=upload, owner_code=row.activity.organization.code, by=by, at=at)
    row.digest = row.evidence.digest
    _refuse_used(row)
    _number(row)
    _insert(row)


def _refuse_gaps(row: Proof, final: bool, has_document: bool, today: date) -> None:
    """Everything the proof lacks, at once."""
    facts = proof_facts(row, final=final, has_document=has_document)
    lacks = rules.gaps(facts, allowed=rules.purposes_for(row.activity.form), names=row.names, today=today)
    if lacks:
        raise ProofIncomplete.many(
            Problem(f"proof_{code}", words.LACKS[code][1], words.LACKS[code][0]) for code in lacks
        )


def _verdict(row: Proof, reason: str) -> rules.Verdict:
    verdict = proof_verdict(row)
    if verdict.refused:
        raise NotEligible(NotEligible.message % {"rule": verdict.rule}, field="kind")
    if verdict.asks_reason and not reason.strip():
        raise ReasonMissing(ReasonMissing.message % {"rule": verdict.rule}, field="reason")
    return verdict


def _refuse_used(row: Proof) -> None:
    live = Proof.objects.exclude(state=ProofState.REJECTED)
    if live.filter(digest=row.digest).exists():
        raise FileUsed(field="evidence")
    number = row.certificate_number
    if number and live.filter(kind__registry=row.kind.registry_id, certificate_number=number).exists():
        raise CertificateUsed(field="certificate_number")


def _number(row: Proof) -> None:
    """The serial in canonical form with its line; a certificate without serials counts its tonnes itself (R3.4)."""
    if not row.serial:
        return
    read = read_serial(row.kind, row.serial, row.quantity)
    if read.temporary:
        raise NotEligible(NotEligible.message % {"rule": "R3.30"}, field="serial")
    refuse_denied(read, row.project_id_text, row.vintage_start, row.vintage_end, "project_id_text")
    line = locked_line(row.kind.registry, read.line)
    numbers = folded(line, read.first, read.last)
    if other := taken_by(numbers):
        refuse_taken(other, line, numbers)
    waiting = Proof.objects.exclude(state=ProofState.REJECTED).filter(numbers__overlap=numbers)
    if waiting.exists():
        raise NumbersTaken(_("Some of these numbers are already claimed by another proof."), field="serial")
    row.serial, row.line, row.numbers = read.canonical, line, numbers


def _insert(row: Proof) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as clash:
        if "file_once" in str(clash):
            raise FileUsed(field="evidence") from clash
        if "certificate_once" in str(clash):
            raise CertificateUsed(field="certificate_number") from clash
        if "numbers_once" in str(clash):
            raise NumbersTaken(field="serial") from clash
        raise


def _waiting(proof: Proof, by: Any) -> Proof:
    rows = Proof.objects.select_for_update(of=("self",))
    locked = rows.select_related("activity__organization", "activity__rulebook", "kind__registry", "line").get(
        pk=proof.pk
    )
    if locked.state != ProofState.SUBMITTED:
        raise NotWaiting
    if locked.submitted_by_id == by.pk:
        raise SamePerson
    return locked


@ledger.act
def check_proof(*, proof: Proof, by: Any, at: datetime, note: str = "") -> Retirement:
    """Accept a proof: its units enter the ledger and lie in the activity's place, counted from now on."""
    row = _waiting(proof, by)
    project = _project(row)
    serial, line = _serial_of(row)
    block = _block(row, serial, line, project, by, at)
    verdict = _verdict(row, row.reason or "-")
    move = ledger.post(
        key=f"proof:{row.number}",
        span=block.within,
        source=places.outside(row.kind.registry),
        target=places.retired(row.activity),
        reason="retire_outside",
        event_on=row.cancelled_on,
        by=by,
        at=at,
    )
    _decide(row, ProofState.CHECKED, note, by, at)
    (retirement,) = write(
        row.activity,
        block,
        [move],
        verdict,
        by=by,
        at=at,
        holder=None,
        purpose=row.stated_purpose,
        beneficiary=row.beneficiary,
        donor="" if rules.names_match(row.account_holder, row.names) else row.account_holder,
        cancelled_on=row.cancelled_on,
        reason=row.reason,
        way=Way.OUTSIDE,
        proof=row,
        certificate_number=row.certificate_number,
        act=f"proof:{row.number}",
    )
    content = {"proof": row.number, "serial": retirement.serial, "quantity": row.quantity, "digest": row.digest}
    subject = f"activity:{row.activity.code}"
    trail.record(verb="proof.check", subject=subject, by=by, at=at, content=content, public=True)
    return retirement


def _block(row: Proof, serial: rules.Serial, line: Any, project: Project | None, by: Any, at: datetime) -> Block:
    facts = {"kind": row.kind, "project": project, "owner": None, "issued_on": row.cancelled_on, "origin": "proved"}
    facts |= {"vintage_start": row.vintage_start, "vintage_end": row.vintage_end}
    place = places.outside(row.kind.registry)
    return new_block(key=f"proof:{row.number}", line=line, serial=serial, place=place, by=by, at=at, **facts)


def _serial_of(row: Proof) -> tuple[rules.Serial, Any]:
    if row.serial:
        serial = rules.parse(row.kind.syntax, row.serial, row.quantity)
    else:
        serial = rules.parse(rules.Syntax.RECORD, f"CERT {row.certificate_number}", row.quantity)
    return serial, locked_line(row.kind.registry, serial.line)


def _project(row: Proof) -> Project | None:
    """The registry's project of that id, made from the proof's words when it is new here."""
    if not row.project_id_text:
        return None
    registry = row.kind.registry
    found = Project.objects.filter(registry=registry, identifier=row.project_id_text).first()
    return found or Project.objects.create(
        code=project_code(registry, row.project_id_text),
        registry=registry,
        identifier=row.project_id_text,
        name_zh=row.project_name,
        country=row.country or registry.country,
        source=f"proof:{row.number}",
    )


def _decide(row: Proof, state: ProofState, note: str, by: Any, at: datetime) -> None:
    row.state, row.decided_at, row.decided_by, row.decision_note = state, at, by, note.strip()
    row.save(update_fields=["state", "decided_at", "decided_by", "decision_note"])


@transaction.atomic
def reject_proof(*, proof: Proof, note: str, by: Any, at: datetime) -> Proof:
    """Refuse a proof with the reason; its file, certificate and numbers may be entered again."""
    row = _waiting(proof, by)
    if not note.strip():
        raise NoteMissing(field="note")
    _decide(row, ProofState.REJECTED, note, by, at)
    trail.record(verb="proof.reject", subject=f"proof:{row.number}", by=by, at=at, content={"note": note.strip()})
    return row
