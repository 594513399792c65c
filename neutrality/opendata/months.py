"""Months of an operating period from a program: all of a request or none, through the verb of the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from neutrality.activities.models import Activity
from neutrality.evidence.models import File
from neutrality.inventory import operations, queries, rules, words
from neutrality.opendata import shapes
from neutrality.opendata.problems import Error, Wrong, invalid
from neutrality.opendata.shapes import Box
from neutrality.quantities import NotANumber, read_decimal
from neutrality.refusals import Refusal
from neutrality.trail import rules as trail
from neutrality.wording import unreadable

FIELDS = ("deposits",)
DEPOSIT_FIELDS = ("month", "source", "label", "quantity", "unit", "evidence")
MOST = 1_000
LONGEST_LABEL = 80


@dataclass(frozen=True)
class Reading:
    """One month of one meter, read."""

    month: date
    source: str
    label: str
    quantity: Decimal
    unit: str
    evidence: File | None


def read(activity: Activity, value: Any) -> list[Reading]:
    """The readings of a body. Raises Wrong with every error of every row."""
    errors: list[Error] = []
    box = Box(value, "", errors)
    box.only(FIELDS)
    sources = [source.code.value for source in activity.rulebook.rules.sources]
    rows = box.rows("deposits", MOST)
    files = _files(activity, rows)
    found = [_reading(Box(row, f"/deposits/{place}", errors), sources, files) for place, row in enumerate(rows)]
    shapes.finish(errors)
    return [reading for reading in found if reading is not None]


def _files(activity: Activity, rows: Sequence[Any]) -> dict[str, File]:
    """The evidence that is named, as far as the organization has deposited it."""
    named = {row.get("evidence") for row in rows if isinstance(row, dict)}
    digests = [digest for digest in named if isinstance(digest, str) and digest.isascii() and digest.isalnum()]
    owned = File.objects.filter(owner_code=activity.organization.code, digest__in=digests)
    return {file.digest: file for file in owned}


def _reading(box: Box, sources: Sequence[str], files: dict[str, File]) -> Reading | None:
    box.only(DEPOSIT_FIELDS)
    month, source = _month(box), box.choice("source", sources, needed=True)
    label = " ".join(box.text("label", needed=True).split())
    if len(label) > LONGEST_LABEL:
        box.fault("label", "text_very_long", limit=LONGEST_LABEL)
    quantity, unit = _quantity(box), _unit(box)
    digest = box.text("evidence")
    if digest and digest not in files:
        box.errors.append(Error(f"{box.pointer}/evidence", "evidence_unknown", words.FAULTS["evidence_unknown"] % {}))
    if month is None or quantity is None or not (source and label and unit):
        return None
    return Reading(month, source, label, quantity, unit, files.get(digest))


def _month(box: Box) -> date | None:
    """A month as "2026-05"."""
    text = box.text("month", needed=True)
    if not text:
        return None
    try:
        return date.fromisoformat(f"{text}-01") if len(text) == len("2026-05") else _no_month(box)
    except ValueError:
        return _no_month(box)


def _no_month(box: Box) -> None:
    box.fault("month", "not_a_month_text")


def _quantity(box: Box) -> Decimal | None:
    """The amount; missing is an error here, because a month that is deposited has one."""
    text = box.text("quantity", needed=True, amount=True)
    try:
        return read_decimal(text) if text else None
    except NotANumber as wrong:
        box.errors.append(Error(f"{box.pointer}/quantity", f"number_{wrong.code}", unreadable(wrong)))
        return None


def _unit(box: Box) -> str:
    text = box.text("unit", needed=True)
    try:
        return rules.read_unit(text) if text else ""
    except rules.UnknownUnit:
        said = words.FAULTS["unit_unknown"] % {"written": text[:40]}
        box.errors.append(Error(f"{box.pointer}/unit", "unit_unknown", said))
        return ""


@transaction.atomic
def keep(activity: Activity, readings: Sequence[Reading], by: Any, at: datetime) -> int:
    """Deposit all of them, or none with every refusal named; returns how many were not there yet."""
    errors: list[Error] = []
    fresh = 0
    for place, reading in enumerate(readings):
        try:
            with transaction.atomic():
                made = operations.deposit(activity=activity, **vars(reading), by=by, at=at)
        except Refusal as refusal:
            errors += [_error(place, problem.field, problem.code, problem.message) for problem in refusal.problems]
        else:
            fresh += made.deposited_at == at
    if errors:
        raise invalid(errors)
    return fresh


def _error(place: int, field: str | None, code: str, message: Any) -> Error:
    return Error(f"/deposits/{place}/{field}" if field else f"/deposits/{place}", code, message)


def told(activity: Activity) -> list[dict[str, Any]]:
    """Every meter with its months: what is there, what is missing, what that comes to so far."""
    plain: list[dict[str, Any]] = trail.plain(
        [
            {
                "source": each.source,
                "label": each.label,
                "unit": each.unit,
                "months": [f"{month:%Y-%m}" for month in sorted(each.readings)],
                "missing": [f"{month:%Y-%m}" for month in each.missing],
                "measured": each.measured,
                "estimated": each.estimated,
            }
            for each in queries.series(activity)
        ]
    )
    return plain


def require_period(activity: Activity) -> None:
    """Only operating periods have months."""
    if not activity.months:
        raise Wrong(409, "refused", _("This is an event. Only operating periods have months to deposit."))
