"""The certificate of a statement: the words that may be said on that day, and the figures they rest on.

It never says more than the claim: its sentence comes from the claim's own template, the seal stands only beside an
achieved claim, and a claim that is muted shows no balance.
"""

import html
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import CharField
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from neutrality.disclosure import book, queries, rules, words
from neutrality.disclosure.models import Statement
from neutrality.disclosure.templatetags import claims
from neutrality.inventory.rules import CoverLevel
from neutrality.inventory.words import COVER_LEVELS
from neutrality.printing.checkcodes import Kind
from neutrality.printing.typesetting import Certificate, Frame, Table
from neutrality.quantities import obligation, shown_t
from neutrality.statements import Prepared, Told
from neutrality.trail.models import Entry
from neutrality.wording import pick

Pairs = tuple[tuple[str, str], ...]
PUBLICATION: Prepared[Entry] = Prepared(
    lambda: Entry.objects.filter(subject=Told("subject", CharField()), verb="disclosure.publish_statement").only(
        "number", "nodes"
    )[:1]
)


def sentence(said: rules.Claim) -> str:
    """The words of a claim as plain text, for what escapes by itself or is no page."""
    return html.unescape(str(claims.words(said)))


def statement(found: Statement, frame: Frame) -> Certificate:
    """What is printed of a statement on the day of `frame`."""
    facts = queries.live(found.activity, frame.on)
    said = rules.claim(facts)
    rows = [row for rows in book.right_page(found) for row in rows]
    texts = frame.texts(Kind.STATEMENT, found.number)
    texts["notes"] += _notes(found, facts)
    return Certificate(
        **texts,
        kicker=_("Certificate of a statement of account"),
        title=book.named(found.content["name"]),
        subtitle=_other(found.content["name"]),
        **_lead(found, said, frame.on),
        facts=_facts(found.content),
        sums=_sums(found, facts, said),
        table_title=_("What was cancelled"),
        table=_table(rows) if rows else None,
        receipt=_receipt(found),
        digests=(
            (_("Digest of this statement (SHA-256)"), found.digest),
            (_("Digest of its inventory"), found.content["emissions"]["digest"]),
        ),
    )


def _lead(found: Statement, said: rules.Claim, on: date) -> dict[str, str]:
    """The sentence in the frame. A replaced statement lends its figures to no claim: the newer one bears the words."""
    successor = getattr(found, "successor", None)
    if successor:
        day = localtime(successor.published_at).date().isoformat()
        lead = f"{_('Replaced on %(on)s by a newer statement.') % {'on': day}} {successor.number}"
        return {"lead": lead, "tone": "wait", "seal": "", "lead_note": _as_of(found, on)}
    seal = pgettext("stamp", "Settled") if said.neutral else ""
    return {"lead": sentence(said), "tone": said.tone, "seal": seal, "lead_note": _as_of(found, on)}


def _other(name: dict[str, str]) -> str:
    other = pick(name["en"], name["zh"])
    return "" if other == book.named(name) else other


def _as_of(found: Statement, on: date) -> str:
    said = _("Words as of %(on)s; they are worked out anew at every reading. Figures as published on %(published)s.")
    return said % {"on": on.isoformat(), "published": localtime(found.published_at).date().isoformat()}


def _notes(found: Statement, facts: rules.ClaimFacts) -> tuple[str, ...]:
    """What stands against this statement or beside it."""
    notes = []
    withdrawal = getattr(found, "withdrawal", None)
    if withdrawal:
        day = localtime(withdrawal.withdrawn_at).date().isoformat()
        notes.append(f"{_('Withdrawn on %(on)s.') % {'on': day}} {withdrawal.reason}")
    if obligation(book.due_today(found, facts)) != found.content["emissions"]["owed_units"]:
        notes.append(_("What units are bought for was raised since."))
    if found.content["emissions"]["partial"]:
        notes.append(_("Partial: sources were left out or not answered. This is not the whole footprint."))
    return tuple(notes)


def _sums(found: Statement, facts: rules.ClaimFacts, said: rules.Claim) -> Pairs:
    """The figures of the statement beside what is owed and counts today."""
    emitted, due = found.content["emissions"], book.due_today(found, facts)
    sums = (
        (_("Total emitted, in t CO₂e"), f"{shown_t(Decimal(emitted['total_kg'])):,f}"),
        (_("Owed today, in t"), f"{obligation(due):,d}"),
        (_("Counting today, in t"), f"{facts.units:,d}"),
    )
    if said.muted or hasattr(found, "successor"):
        return sums
    left = rules.balance(due, facts.units, partial=emitted["partial"])
    return (*sums, (_("Balance"), words.balance(left.state, left.units)))


def _facts(content: dict[str, Any]) -> Pairs:
    days, organizer = content["dates"], content["organizer"]
    declared = localtime(datetime.fromisoformat(content["declared"]["at"]))
    return (
        (_("Organizer"), f"{book.named(organizer)} {organizer['code']}"),
        (_("Days"), f"{days['starts_on']} – {days['ends_on']}"),
        (_("Place"), f"{book.named(content['place']['region'])} · {content['place']['name']}"),
        (_("Boundary"), _(", ").join(book.named(stage) for stage in content["boundary"]["stages"])),
        (_("How the result was confirmed"), _confirmed(content["confirmation"])),
        (_("Declared by"), f"{book.named(content['declared']['by'])}, {declared:%Y-%m-%d %H:%M}"),
        *_cover(content["emissions"].get("cover")),
        (_("Rulebook"), f"{book.named(content['rulebook'])} {content['rulebook']['version']}"),
    )


def _cover(cover: dict[str, Any] | None) -> Pairs:
    """What units were bought for; statements of the first days say nothing of it."""
    return ((_("Bought for"), str(COVER_LEVELS[CoverLevel(cover["level"])])),) if cover else ()


def _confirmed(given: dict[str, Any]) -> str:
    if given["mode"] == "independent":
        said = _("Evaluated by %(body)s") % {"body": book.named(given["evaluator"]["name"])}
    else:
        said = _("Self-commitment of the organizer")
    return f"{said} {given['on']}"


def _table(rows: list[book.Cancelled]) -> Table:
    """What was cancelled: as printed in the statement, and after it; what was found void since no longer stands."""
    return Table(
        head=(_("Serial number"), _("Project and registry"), _("Vintage"), _("Cancelled on"), "t"),
        widths=(8, 9, 3, 3, 2),
        right=(4,),
        codes=(0,),
        rows=tuple(_row(row) for row in rows),
        total=(_("Total of what stands"), f"{sum(_left(row) for row in rows):,d}"),
    )


def _left(row: book.Cancelled) -> int:
    return row.units - row.void


def _row(row: book.Cancelled) -> tuple[str, ...]:
    marks = (
        _("%(units)s t found void") % {"units": f"{row.void:,d}"} if row.void else "",
        "" if row.timely else _("cancelled after the deadline"),
    )
    source = " · ".join(filter(None, (row.label, row.project, row.registry, *marks)))
    return row.serial or row.certificate, source, row.vintage, row.on, f"{_left(row):,d}"


def _receipt(found: Statement) -> Pairs:
    """Where the public log keeps the publication."""
    entry = PUBLICATION.first(subject=f"statement:{found.number}")
    if entry is None:
        return ()
    return ((_("Entry in the public log"), str(entry.number)), (_("Its leaf in the hash tree"), entry.leaf))
