"""When units turn out false: one person proposes with the notice as evidence, a second confirms, units go to `void:`.

Nobody is told from here: a claim is computed from what still lies in `retired:`, so it changes at its next reading.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import NumericRange
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from neutrality.evidence import operations as evidence
from neutrality.ledger import operations as ledger
from neutrality.ledger import queries as lots
from neutrality.ledger import rules as spans
from neutrality.ledger.models import Place, Transfer
from neutrality.offsets import places
from neutrality.offsets.models import Block, Retirement, VoidedPart, VoidNotice
from neutrality.offsets.models.cancellations import VoidState
from neutrality.offsets.operations.days import DayAhead
from neutrality.refusals import Problem, Refusal
from neutrality.trail import operations as trail


class VoidRefused(Refusal):
    code = "void_refused"


class NotWaiting(Refusal):
    code = "not_waiting"
    message = _("This notice was already decided. Reload the page to see how.")


class SamePerson(Refusal):
    code = "same_person"
    message = _("Whoever proposed the notice cannot confirm it. A second person must.")


class NothingLeft(Refusal):
    code = "nothing_left"
    message = _("All these units are void already.")


@transaction.atomic
def propose_void(
    *,
    block: Block,
    serial_first: int,
    serial_last: int,
    reason: str,
    explanation: str,
    upload: Any,
    owner_code: str,
    found_on: date,
    key: str,
    by: Any,
    at: datetime,
) -> VoidNotice:
    """State that a run of a block (in the registry's own numbers) is false. Nothing moves until it is confirmed."""
    if done := ledger.once(VoidNotice, key, block=block, reason=reason, explanation=explanation, found_on=found_on):
        return done
    if problems := list(_problems(block, serial_first, serial_last, upload, found_on, at)):
        raise VoidRefused.many(problems)
    file = evidence.deposit(upload=upload, owner_code=owner_code, by=by, at=at)
    shift = block.first - block.serial_first
    first, last = serial_first + shift, serial_last + shift
    row = VoidNotice.objects.create(
        key=key,
        block=block,
        span=NumericRange(first, last + 1),
        quantity=last - first + 1,
        serial=block.serial_of(first, last),
        reason=reason,
        explanation=explanation,
        evidence=file,
        found_on=found_on,
        proposed_at=at,
        proposed_by=by,
    )
    content = {"block": block.code, "serial": row.serial, "reason": reason, "digest": file.digest}
    trail.record(verb="void.propose", subject=f"void:{row.number}", by=by, at=at, content=content)
    return row


def _problems(
    block: Block, serial_first: int, serial_last: int, upload: Any, found_on: date, at: datetime
) -> Iterator[Problem]:
    """Everything that is wrong with what somebody reports, at once."""
    inside = {"first": block.serial_first, "last": block.serial_last}
    outside = _("This number is not inside the block. It runs from %(first)s to %(last)s.") % inside
    within = [block.serial_first <= number <= block.serial_last for number in (serial_first, serial_last)]
    for field, good in zip(("serial_first", "serial_last"), within, strict=True):
        if not good:
            yield Problem("outside_block", outside, field)
    if serial_last < serial_first:
        yield Problem("backwards", _("The last number cannot lie before the first."), "serial_last")
    elif all(within) and not _good(block, serial_first, serial_last):
        yield Problem("nothing_left", NothingLeft.message, "serial_first")
    if found_on > localdate(at):
        yield Problem(DayAhead.code, DayAhead.message, "found_on")
    if found_on < block.issued_on:
        words = _("No notice can be older than the block: its units were issued on %(day)s.")
        yield Problem("before_issue", words % {"day": block.issued_on}, "found_on")
    if not upload:
        yield Problem("notice_missing", _("Add the registry's notice as a file."), "evidence")


def _good(block: Block, serial_first: int, serial_last: int) -> int:
    """Units of a run, in the registry's own numbers, that are not void yet."""
    shift = block.first - block.serial_first
    found = lots.holdings((serial_first + shift, serial_last + shift))
    return sum(spans.count(span) for code, held in found.items() if code != spans.VOID for span in held)


def _waiting(notice: VoidNotice, by: Any) -> VoidNotice:
    rows = VoidNotice.objects.select_for_update(of=("self",)).select_related("block")
    locked = rows.get(pk=notice.pk)
    if locked.state != VoidState.PROPOSED:
        raise NotWaiting
    if locked.proposed_by_id == by.pk:
        raise SamePerson
    return locked


@ledger.act
def confirm_void(*, notice: VoidNotice, by: Any, at: datetime) -> VoidNotice:
    """Move every unit of the run that is not void yet to `void:`, each once, wherever it lies."""
    row = _waiting(notice, by)
    parts = _moved(row, by, at)
    if not parts:
        raise NothingLeft
    VoidedPart.objects.bulk_create(parts)
    _decide(row, VoidState.CONFIRMED, by, at)
    content = {
        "block": row.block.code,
        "serial": row.serial,
        "units": sum(part.quantity for part in parts),
        "retirements": sorted({part.retirement.number for part in parts if part.retirement}),
    }
    trail.record(verb="void.confirm", subject=f"block:{row.block.code}", by=by, at=at, content=content, public=True)
    return row


def _moved(row: VoidNotice, by: Any, at: datetime) -> list[VoidedPart]:
    within = (int(row.span.lower), int(row.span.upper) - 1)
    parts: list[VoidedPart] = []
    for place in _locked(within):
        for span in lots.spans(place, within):
            parts += _ended(row, place, span, by, at) if place.ending else [_held(row, place, span, by, at)]
    return parts


def _locked(within: tuple[int, int]) -> list[Place]:
    """Every place that holds some of the run, locked in the order of its id, as all writers do. While we waited for
    the locks, units may have moved on to places we did not know of. These cannot be locked behind the others without
    risking a deadlock: all locks are given back, and we begin again."""
    while True:
        begun = transaction.savepoint()
        codes = lots.holdings(within).keys() - {spans.VOID}
        found = list(Place.objects.filter(code__in=codes).order_by("pk").select_for_update(no_key=True))
        if lots.holdings(within).keys() - {spans.VOID} <= codes:
            transaction.savepoint_commit(begun)
            return found
        transaction.savepoint_rollback(begun)


def _held(row: VoidNotice, place: Place, span: tuple[int, int], by: Any, at: datetime) -> VoidedPart:
    move = ledger.post(
        key=f"void:{row.number}:{span[0]}",
        span=span,
        source=place,
        target=places.void(),
        reason="void",
        event_on=row.found_on,
        by=by,
        at=at,
    )
    return _part(row, move, None)


def _ended(row: VoidNotice, place: Place, span: tuple[int, int], by: Any, at: datetime) -> list[VoidedPart]:
    """An ending place is left only by a reversal that names the original transfer (V4), whatever units ended for."""
    parts = []
    run = NumericRange(span[0], span[1] + 1)
    brought = list(Transfer.objects.filter(target=place, span__overlap=run).select_related("target").order_by("span"))
    retirements = {each.transfer_id: each for each in Retirement.objects.filter(transfer__in=brought)}
    for transfer in brought:
        cut = (max(span[0], transfer.first), min(span[1], transfer.last))
        move = ledger.reverse(
            key=f"void:{row.number}:{cut[0]}",
            transfer=transfer,
            span=cut,
            reason="void",
            event_on=row.found_on,
            by=by,
            at=at,
        )
        parts.append(_part(row, move, retirements.get(transfer.pk)))
    return parts


def _part(row: VoidNotice, move: Any, retirement: Retirement | None) -> VoidedPart:
    return VoidedPart(
        notice=row,
        retirement=retirement,
        transfer=move,
        span=NumericRange(move.first, move.last + 1),
        quantity=move.quantity,
        found_on=row.found_on,
    )


def _decide(row: VoidNotice, state: VoidState, by: Any, at: datetime) -> None:
    row.state, row.decided_at, row.decided_by = state, at, by
    row.save(update_fields=["state", "decided_at", "decided_by"])


@transaction.atomic
def drop_void(*, notice: VoidNotice, by: Any, at: datetime) -> VoidNotice:
    """The second person does not agree: the notice is dropped and stays on record."""
    row = _waiting(notice, by)
    _decide(row, VoidState.DROPPED, by, at)
    trail.record(verb="void.drop", subject=f"void:{row.number}", by=by, at=at)
    return row
