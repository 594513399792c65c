"""The life of an inventory: start, save_draft, submit, return_, correct, discard."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from neutrality.activities.models import Activity
from neutrality.activities.rules import State as ActivityState
from neutrality.evidence.models import File
from neutrality.inventory import queries, rules, simulation, words
from neutrality.inventory.models import FactorVersion, Inventory, Line, Result, Seal, Simulation
from neutrality.inventory.rules import Action, State
from neutrality.refusals import Problem, Refusal
from neutrality.trail import operations as trail
from neutrality.trail import rules as trail_rules

BATCH = 2_000
PERCENT = Decimal("0.0001")


class NotDraft(Refusal):
    code = "not_draft"
    message = _("This inventory was submitted and is frozen. Start a correction to change it.")


class NotSubmitted(Refusal):
    code = "not_submitted"
    message = _("Only an inventory that stands can be sent back or corrected.")


class AlreadySubmitted(Refusal):
    code = "already_submitted"
    message = _("There is a submitted inventory already. Start a correction to change it.")


class ActivityCancelled(Refusal):
    code = "activity_cancelled"
    message = _("The activity was cancelled; nothing is accounted for it.")


class NotEnded(Refusal):
    code = "not_ended"
    message = _("Actual figures can be submitted once the activity is over. Save them as a draft until then.")


class Stale(Refusal):
    code = "stale"
    message = _(
        "Somebody saved this draft in another window meanwhile. Below is what you entered; look at the other one, "
        "and save again if yours is right."
    )


class Faulty(Refusal):
    code = "faulty"
    message = _("Some cells cannot be used as they are.")


class Incomplete(Refusal):
    code = "incomplete"
    message = _("The inventory is not complete yet.")


class TooManyLines(Refusal):
    code = "too_many_lines"
    message = _("An inventory holds 20,000 lines at most. Add up rows of the same kind first.")


class NoReason(Refusal):
    code = "no_reason"
    message = _("Say why, so that readers understand it.")


def new_line_key() -> str:
    """A key that stays with a line through all later versions."""
    return str(uuid4())


@transaction.atomic
def start(*, activity: Activity, kind: str, by: Any, at: datetime) -> Inventory:
    """Open a draft. Actual figures begin with the rows of the estimate, their quantities blank. An open draft is
    returned as it is; where an inventory stands, AlreadySubmitted."""
    locked = Activity.objects.select_for_update(of=("self",)).select_related("rulebook").get(pk=activity.pk)
    if locked.state == ActivityState.CANCELLED:
        raise ActivityCancelled
    newest = queries.newest(locked, kind)
    if newest is not None and newest.state == State.DRAFT:
        return newest
    if newest is not None:
        raise AlreadySubmitted
    inventory = _new(activity=locked, kind=kind, version=1, by=by, at=at)
    if kind == rules.Kind.ACTUAL:
        estimate = queries.current(locked, rules.Kind.ESTIMATE)
        _copy(estimate, inventory, blank=True) if estimate is not None else None
    trail.record(verb="inventory.start", subject=inventory.subject, by=by, at=at, content={"kind": kind})
    return inventory


def _new(**values: Any) -> Inventory:
    activity, by, at = values["activity"], values.pop("by"), values.pop("at")
    return Inventory.objects.create(rulebook=activity.rulebook, created_by=by, created_at=at, **values)


def _copy(old: Inventory, new: Inventory, *, blank: bool) -> None:
    """The lines of `old` again in `new`; `blank` leaves out what only the old figures know."""
    rows = list(old.lines.order_by("position"))
    for row in rows:
        row.pk, row.inventory = None, new
        row._state.adding = True
        if blank and row.treatment in rules.COUNTED:
            row.quantity, row.treatment, row.evidence = None, "", row.evidence if row.own_value is not None else None
            row.tier = rules.Tier.MEASURED.value
            row.uses, row.reused_percent, row.uses_basis, row.sharing = None, None, "", None
    Line.objects.bulk_create(rows, batch_size=BATCH)


def _locked(inventory: Inventory) -> Inventory:
    found = Inventory.objects.select_for_update(of=("self",)).select_related("activity__organization", "rulebook")
    return found.get(pk=inventory.pk)


def _next(inventory: Inventory, action: Action, otherwise: type[Refusal]) -> str:
    following = rules.TRANSITIONS.get((State(inventory.state), action))
    if following is None:
        raise otherwise
    return following.value


@transaction.atomic
def save_draft(
    *, inventory: Inventory, lines: Sequence[rules.Line], edition: int, by: Any, at: datetime, gwp_set: str = ""
) -> Inventory:
    """Replace the lines of a draft. `edition` is the number of saves the person saw.

    Raises NotDraft, Stale, TooManyLines, Faulty (every fault, the position of its line as row)."""
    locked = _locked(inventory)
    _next(locked, Action.SAVE, NotDraft)
    if locked.edition != edition:
        raise Stale
    if len(lines) > rules.MOST_LINES:
        raise TooManyLines
    locked.gwp_set = gwp_set or locked.gwp_set
    sheet = rules.calculate(_with_spreads(locked, lines), locked.rulebook.rules.sources, rules.GwpSet(locked.gwp_set))
    if sheet.faults:
        raise Faulty.many(Problem(f.code, words.fault(f), f.field, f.position) for f in sheet.faults)
    locked.lines.all().delete()
    placed = [replace(line, position=place) for place, line in enumerate(sheet.lines, start=1)]
    Line.objects.bulk_create(_rows(locked, placed), batch_size=BATCH)
    locked.edition += 1
    locked.save(update_fields=["edition", "gwp_set"])
    content = {"edition": locked.edition, "lines": len(lines)}
    trail.record(verb="inventory.save", subject=locked.subject, by=by, at=at, content=content)
    return locked


def _with_spreads(inventory: Inventory, lines: Sequence[rules.Line]) -> list[rules.Line]:
    """The lines, each with the uncertainty stored for it as long as its quantity is the same: neither the grid nor a
    workbook has a cell for what a survey found out about its own error."""
    stored = inventory.lines.filter(spread_percent__isnull=False)
    held = {row.key: (row.quantity, row.unit, row.spread_percent) for row in stored}
    return [
        replace(line, spread_percent=held[line.key][2])
        if line.spread_percent is None and line.key in held and held[line.key][:2] == (line.quantity, line.unit)
        else line
        for line in lines
    ]


def _rows(inventory: Inventory, lines: Sequence[rules.Line]) -> list[Line]:
    codes = {line.factor.code for line in lines if line.factor is not None and not line.factor.own}
    versions = dict(FactorVersion.objects.filter(code__in=codes).values_list("code", "pk"))
    digests = {line.evidence for line in lines if line.evidence}
    owner = inventory.activity.organization.code
    files = dict(File.objects.filter(owner_code=owner, digest__in=digests).values_list("digest", "pk"))
    return [_row(inventory, line, versions, files) for line in lines]


def _row(inventory: Inventory, line: rules.Line, versions: dict[str, int], files: dict[str, int]) -> Line:
    factor = line.factor
    own = factor if factor is not None and factor.own else None
    return Line(
        inventory=inventory,
        key=line.key,
        position=line.position,
        source=line.source,
        stage=line.stage,
        treatment=line.treatment.value if line.treatment else "",
        reason=line.reason,
        description=line.description,
        quantity=line.quantity,
        unit=line.unit,
        factor_version_id=versions[factor.code] if factor is not None and own is None else None,
        own_value=own.value if own else None,
        own_unit=own.unit if own else "",
        own_source=own.source if own else "",
        own_gwp=own.gwp_set.value if own else "",
        tier=line.tier.value,
        spread_percent=line.spread_percent,
        evidence_id=files[line.evidence] if line.evidence else None,
        uses=line.uses,
        reused_percent=line.reused_percent,
        uses_basis=line.uses_basis,
        sharing=line.sharing,
    )


@transaction.atomic
def submit(*, inventory: Inventory, by: Any, at: datetime) -> Inventory:
    """Freeze a complete draft with its rule pack, factor versions, GWP set, results and dossier (R1.12, R1.14).

    Raises NotDraft, ActivityCancelled, NotEnded, Incomplete (every gap), Faulty."""
    locked = _locked(inventory)
    state = _next(locked, Action.SUBMIT, NotDraft)
    if locked.activity.state == ActivityState.CANCELLED:
        raise ActivityCancelled
    if locked.kind == rules.Kind.ACTUAL and not locked.activity.ended(localdate(at)):
        raise NotEnded
    sheet = queries.sheet(locked)
    if sheet.faults:
        raise Faulty.many(Problem(f.code, words.fault(f), f.field, f.position) for f in sheet.faults)
    if sheet.gaps:
        book = locked.rulebook.rules
        raise Incomplete.many(Problem(gap.code, words.gap(gap, book), gap.source, gap.position) for gap in sheet.gaps)
    _freeze(locked, sheet)
    drawn = simulation.simulate((result.line, result.kg) for result in sheet.results if not result.memo)
    seal = _seal(locked, sheet, drawn, at)
    if drawn is not None:
        Simulation.objects.create(inventory=locked, **asdict(drawn))
    locked.state, locked.digest, locked.total_kg, locked.partial = state, seal.digest, sheet.total_kg, sheet.partial
    locked.submitted_at, locked.submitted_by = at, by
    locked.save()
    content = {"digest": seal.digest, "total_kg": sheet.total_kg, "partial": sheet.partial, "version": locked.version}
    trail.record(verb="inventory.submit", subject=locked.subject, by=by, at=at, content=content)
    return locked


# Columns of a frozen result, in the order in which _result gives them.
COLUMNS = (
    "line_id",
    "quantity",
    "unit",
    "factor_value",
    "factor_unit",
    "factor_code",
    "factor_source",
    "gwp_set",
    "scope",
    "kg",
    "memo",
    "low_percent",
    "high_percent",
    "ratio",
)


def _freeze(inventory: Inventory, sheet: rules.Sheet) -> None:
    """Write the results in one stream: an inventory may have thousands of lines."""
    keys = dict(inventory.lines.values_list("position", "pk"))
    statement = f"COPY {Result._meta.db_table} ({', '.join(COLUMNS)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as stream:
        for result in sheet.results:
            stream.write_row(_result(keys[result.line.position], result))


def _result(line_id: int, result: rules.Result) -> tuple[Any, ...]:
    return (
        line_id,
        result.line.quantity,
        result.line.unit,
        result.factor.value,
        result.factor.unit,
        result.factor.code,
        result.factor.source,
        result.factor.gwp_set.value,
        result.scope,
        result.kg,
        result.memo,
        result.spread.low.quantize(PERCENT),
        result.spread.high.quantize(PERCENT),
        str(result.ratio),
    )


def _seal(inventory: Inventory, sheet: rules.Sheet, drawn: simulation.Simulation | None, at: datetime) -> Seal:
    activity, book = inventory.activity, inventory.rulebook
    head = {
        "activity": {
            "code": activity.code,
            "name_zh": activity.name_zh,
            "name_en": activity.name_en,
            "organization": activity.organization.code,
            "starts_on": activity.starts_on,
            "ends_on": activity.ends_on,
            "region": activity.region_code,
            "stages": activity.stages,
        },
        "kind": inventory.kind,
        "version": inventory.version,
        "replaces": inventory.replaces.digest if inventory.replaces else None,
        "correction_reason": inventory.correction_reason,
        "rulebook": {"code": book.code, "version": book.version},
        "gwp_set": inventory.gwp_set,
        "submitted_at": at,
    }
    told = {name: str(value) for name, value in asdict(drawn).items()} if drawn is not None else None
    level = queries.cover_level(activity).value
    data = rules.written(rules.compose(trail_rules.plain(head), sheet, told, level))
    return Seal.objects.create(inventory=inventory, digest=trail_rules.digest(data), text=data.decode())


@transaction.atomic
def return_(*, inventory: Inventory, reason: str, by: Any, at: datetime) -> Inventory:
    """Send a submitted inventory back with a reason: it no longer stands. Raises NotSubmitted, NoReason."""
    locked = _locked(inventory)
    state = _next(locked, Action.SEND_BACK, NotSubmitted)
    if not reason.strip():
        raise NoReason(NoReason.message, field="reason")
    if queries.current(locked.activity, locked.kind) != locked:
        raise NotSubmitted
    locked.state, locked.return_reason = state, reason.strip()[:1000]
    locked.returned_at, locked.returned_by = at, by
    locked.save()
    content = {"reason": locked.return_reason}
    trail.record(verb="inventory.return", subject=locked.subject, by=by, at=at, content=content)
    return locked


@transaction.atomic
def correct(*, inventory: Inventory, reason: str, by: Any, at: datetime) -> Inventory:
    """A new draft with the lines of `inventory`, linked to it. The old version stands until this one is submitted."""
    locked = _locked(inventory)
    if locked.state == State.DRAFT:
        raise NotSubmitted
    if not reason.strip():
        raise NoReason(NoReason.message, field="reason")
    newest = queries.newest(locked.activity, locked.kind)
    if newest is not None and newest.state == State.DRAFT:
        return newest
    if newest != locked:
        raise NotSubmitted
    values = {"gwp_set": locked.gwp_set, "replaces": locked, "correction_reason": reason.strip()[:300]}
    new = _new(activity=locked.activity, kind=locked.kind, version=locked.version + 1, by=by, at=at, **values)
    _copy(locked, new, blank=False)
    content = {"replaces": locked.digest, "reason": new.correction_reason}
    trail.record(verb="inventory.correct", subject=new.subject, by=by, at=at, content=content)
    return new


@transaction.atomic
def discard(*, inventory: Inventory, by: Any, at: datetime) -> None:
    """Throw a draft away; what was submitted stays."""
    locked = _locked(inventory)
    _next(locked, Action.SAVE, NotDraft)
    subject, edition = locked.subject, locked.edition
    locked.lines.all().delete()
    locked.delete()
    trail.record(verb="inventory.discard", subject=subject, by=by, at=at, content={"edition": edition})
