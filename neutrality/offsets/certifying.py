"""Certificates of cancellation: one cancellation, or all of one activity. They tell where the units lie on that day."""

from typing import Any

from django.db.models import CharField, DateTimeField
from django.utils.translation import gettext as _

from neutrality.offsets import queries
from neutrality.offsets.models import Retirement
from neutrality.offsets.models.cancellations import PurposeChoice
from neutrality.offsets.queries import Cancelled
from neutrality.printing.checkcodes import Kind
from neutrality.printing.typesetting import Certificate, Frame, Table
from neutrality.statements import Prepared, Told
from neutrality.trail.models import Entry
from neutrality.wording import pick

VERBS = ("units.retire", "proof.check")
ACT: Prepared[Entry] = Prepared(
    lambda: Entry.objects.filter(
        subject=Told("subject", CharField()), verb__in=VERBS, at=Told("at", DateTimeField())
    ).only("number", "nodes")[:1]
)
MOST_ACTS = 12  # whose receipts stand on one paper, at its foot, which is never parted
Pairs = tuple[tuple[str, str], ...]


def cancellation(row: Retirement, frame: Frame) -> Certificate:
    """One run of units, cancelled once and for all."""
    remaining = queries.remaining(row)
    texts = frame.texts(Kind.CANCELLATION, row.number)
    texts["notes"] += _late(row.cancelled_on > row.activity.units_deadline, row.activity.units_deadline)
    texts["notes"] += _notices(row) if remaining < row.quantity else ()
    return Certificate(
        **texts,
        kicker=_("Certificate of cancellation"),
        title=row.activity.name,
        subtitle=_other(row.activity),
        **_standing(row.quantity, row.quantity - remaining, frame),
        facts=_facts(row),
        sums=((_("Units cancelled, in t"), _units(row.quantity)), (_("Of these counting today"), _units(remaining))),
        table=None,
        receipt=receipt(row),
        digests=((_("SHA-256 of the document"), row.proof.digest),) if row.proof else (),
    )


def cancellations(activity: Any, frame: Frame) -> Certificate:
    """Everything cancelled for one activity, run by run, oldest first."""
    rows = queries.cancelled(activity)
    texts = frame.texts(Kind.CANCELLATIONS, activity.code)
    texts["notes"] += _late(any(not row.timely for row in rows), activity.units_deadline)
    cancelled, void = sum(row.units + row.void for row in rows), sum(row.void for row in rows)
    return Certificate(
        **texts,
        kicker=_("Certificate of all cancellations"),
        title=activity.name,
        subtitle=_other(activity),
        **_standing(cancelled, void, frame),
        facts=(
            (_("Organizer"), f"{activity.organization.name} {activity.organization.code}"),
            (_("Purpose"), ", ".join(_purposes(activity))),
            (_("Beneficiary"), "; ".join(dict.fromkeys(row.beneficiary for row in rows))),
        ),
        sums=(
            (_("Units cancelled, in t"), _units(cancelled)),
            (_("Of these counting today"), _units(queries.cancelled_units(activity))),
        ),
        table_title=_("What was cancelled"),
        table=table(rows),
        receipt=_receipts(activity),
    )


def _notices(row: Retirement) -> tuple[str, ...]:
    """Where it is said why units of it are void."""
    said = _("Void notice %(number)s of %(on)s: %(reason)s.")
    parts = row.voided_parts.select_related("notice").order_by("notice_id")
    found = {part.notice_id: part.notice for part in parts}.values()
    return tuple(
        said % {"number": one.number, "on": one.found_on.isoformat(), "reason": one.get_reason_display()}
        for one in found
    )


def _late(late: bool, deadline: Any) -> tuple[str, ...]:
    if not late:
        return ()
    said = _("Cancelled after the last day, %(day)s: it counts only where it replaces units found void.")
    return (said % {"day": deadline.isoformat()},)


def _other(activity: Any) -> str:
    """The name in the language that is not read."""
    other = pick(activity.name_en, activity.name_zh)
    return "" if other == activity.name else other


def _units(number: int) -> str:
    return f"{number:,d}"


def _standing(cancelled: int, void: int, frame: Frame) -> dict[str, str]:
    """The sentence in the frame: what is certified, and what was found false since."""
    if void:
        said = _("%(void)s t of %(units)s t cancelled were found void and no longer count")
        lead, tone = said % {"void": _units(void), "units": _units(cancelled)}, "bad"
    else:
        lead, tone = (
            _("%(units)s t cancelled for this activity, once and for all") % {"units": _units(cancelled)},
            "good",
        )
    note = _("As of %(on)s. What may be said of the activity stands in its statement alone.")
    return {"lead": lead, "tone": tone if cancelled else "wait", "lead_note": note % {"on": frame.on.isoformat()}}


def _facts(row: Retirement) -> Pairs:
    block, activity = row.block, row.activity
    project = f"{block.project.name} {block.project.identifier}" if block.project else _("none (allowances)")
    facts = (
        (_("Serial number"), row.serial),
        (_("Organizer"), f"{activity.organization.name} {activity.organization.code}"),
        (_("Beneficiary"), row.beneficiary),
        (_("Given by"), row.donor),
        (_("Purpose"), row.get_purpose_display()),
        (_("Day of the cancellation"), row.cancelled_on.isoformat()),
        (_("Way of cancelling"), row.get_way_display()),
        (_("Kind of unit"), block.kind.name),
        (_("Registry"), block.kind.registry.name),
        (_("Project"), project),
        (_("Vintage"), block.vintage),
        (_("Certificate number"), row.certificate_number),
    )
    return tuple((label, str(text)) for label, text in facts if text)


def _purposes(activity: Any) -> list[str]:
    codes = (
        Retirement.objects.filter(activity=activity).values_list("purpose", flat=True).distinct().order_by("purpose")
    )
    return [str(PurposeChoice(code).label) for code in codes]


def table(rows: list[Cancelled]) -> Table:
    """Runs of numbers, where they come from, when they were cancelled, how many of them still count."""
    return Table(
        head=(_("Serial number"), _("Project and registry"), _("Vintage"), _("Cancelled on"), "t"),
        widths=(8, 9, 3, 3, 2),
        right=(4,),
        codes=(0,),
        rows=tuple(_row(row) for row in rows),
        total=(_("Total of what stands"), _units(sum(row.units for row in rows))),
    )


def _row(row: Cancelled) -> tuple[str, ...]:
    kind, registry = pick(row.kind_zh, row.kind_en), pick(row.registry_zh, row.registry_en)
    source = " · ".join(filter(None, (kind, pick(row.project_zh, row.project_en), registry)))
    number = row.serial or row.certificate
    void = _("%(units)s t found void") % {"units": _units(row.void)} if row.void else ""
    return number, " · ".join(filter(None, (source, void))), row.vintage, row.date.isoformat(), _units(row.units)


def receipt(row: Retirement) -> Pairs:
    """Where the public log keeps the act."""
    return receipt_of(ACT.first(subject=f"activity:{row.activity.code}", at=row.retired_at))


def _receipts(activity: Any) -> Pairs:
    """The same for every act that is certified, newest last; of many the newest, and how many came before."""
    acts = list(Entry.objects.filter(subject=f"activity:{activity.code}", verb__in=VERBS).order_by("number"))
    if len(acts) < 2:
        return receipt_of(acts[0] if acts else None)
    shown = tuple((_("Entry %(number)s, its leaf") % {"number": act.number}, act.leaf) for act in acts[-MOST_ACTS:])
    if len(acts) == len(shown):
        return shown
    before = _("%(count)s more: each on the certificate of its own cancellation")
    return (*shown, (_("Earlier entries in the public log"), before % {"count": len(acts) - len(shown)}))


def receipt_of(entry: Entry | None) -> Pairs:
    """Number and leaf of an entry; both stand for ever, however long the log grows."""
    if entry is None:
        return ()
    return ((_("Entry in the public log"), str(entry.number)), (_("Its leaf in the hash tree"), entry.leaf))
