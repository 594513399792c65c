"""Words for codes the rules and the ledger use; a code is never shown raw."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from neutrality.offsets import geography
from neutrality.offsets.rules.eligibility import Case
from neutrality.offsets.rules.freshness import Age
from neutrality.offsets.rules.serials import Syntax
from neutrality.offsets.rules.twins import POINTS, Reason

PLACES = {
    "held": _("held by"),
    "retired": _("cancelled for"),
    "outside": _("entered with a proof from"),
    "issued": _("issued"),
    "void": _("void"),
    "pledged": _("pledged by"),
    "frozen": _("frozen by order, held by"),
    "reserved": _("reserved by"),
    "judicial": _("used for compensation"),
    "surrendered": _("used for another purpose"),
}
TONES = {"retired": "good", "void": "bad", "pledged": "wait", "frozen": "wait", "reserved": "wait"}
MOVES = {
    "issue": _("Issued"),
    "handover": _("Changed owner"),
    "retire": _("Cancelled here"),
    "retire_outside": _("Cancelled in its registry, proof checked"),
    "void": _("Found void"),
    "pledge": _("Pledged"),
    "release": _("Released"),
    "freeze": _("Frozen by order"),
    "reserve": _("Reserved"),
    "unreserve": _("No longer reserved"),
    "judicial": _("Used for compensation"),
    "surrender": _("Used for another purpose"),
}
VERDICTS = {
    "listed": _("Preferred by the rule pack"),
    "named": _("Named by the rule pack itself"),
    "lower_family": _("Allowed; the rule pack prefers others, so a reason is asked and printed"),
    "outside_list": _("Outside the recommended list; a reason is asked and printed"),
    "recognition_unknown": _("Recognition by a provincial ecology department not known; say what supports it"),
    "not_recognised": _("Not recognised by a provincial ecology department: does not count"),
    "temporary": _("These units expire: they do not count"),
    "outside_window": _("Generated outside the project's crediting period: does not count"),
    "generated_too_early": _("Generated before the date the rules allow: does not count"),
}
NOTES = {
    "legacy": _("Filed before 2017-03-14 under the old rules"),
    "carry_over": _("Allowances of older years may be limited by carry-over rules; check the year"),
    "foreign": _("The project lies outside China"),
    "outside_window": _("The vintage lies outside the crediting period on record; ask whether it was renewed"),
}
# How each registry numbers its units (R3.30 to R3.35, U11 to U14), with a number as it is printed or kept here.
SYNTAXES = {
    Syntax.VERRA: (
        _(
            "Thirteen parts (twelve in older ones): batch, first and last number, programme, unit, verifier, registry, "
            "country, sector, project, first and last day of the vintage, further certification (R3.32)"
        ),
        "9660-115597313-115618057-VCS-VCU-261-VER-US-14-1060-01012019-31122019-0",
    ),
    Syntax.GOLD_STANDARD: (
        _("Nine parts: programme, country, project, type, year, batch, first and last number (R3.35)"),
        "GS1-1-KE-GS7495-16-2025-30645-608-30350",
    ),
    Syntax.ACR: (
        _("Country, project, year and batch, then the first and the last number"),
        "ACR-FR-1129-2025-2917-30932 to 35143",
    ),
    Syntax.CAR: (
        _("Country, project, type, place, year and batch, then the first and the last number"),
        "CAR-1-US-1335-31-983-KS-2025-9205-1 to 5000",
    ),
    Syntax.ART: (
        _("Country, programme, year and batch, then the first and the last number"),
        "FCPF-CI-130-2023-20-1 to 46404",
    ),
    Syntax.CERCARBONO: (
        _("The programme's line for project and year, then the first and the last number"),
        "CDC_1_1_1_321_14_1_2009 (1 to 500)",
    ),
    Syntax.CDM: (
        _("Host country, commitment period and project, with the first and the last number (R3.30)"),
        "CN-5-1-2-2-0-7014",
    ),
    Syntax.TICKET: (_("The number of the ticket, then the tonnes on it as a run (R3.4)"), "0000001/1-12723"),
    Syntax.RECORD: (
        _("No published syntax: the number of the registry's record as it is printed, then the run of its units"),
        "CCER-2025-0077/1-300",
    ),
}
CASES = {
    Case.ANY: "",
    Case.IN_CHINA: _("Project in China"),
    Case.ABROAD: _("Project abroad"),
    Case.EARLY: _("Generated on or before 2020-09-22"),
    Case.OUTSIDE_WINDOW: _("Generated outside the project's crediting period"),
}
ANSWERS = {
    "yes": ("good", _("counts")),
    "with_reason": ("wait", _("counts, with a reason")),
    "no": ("bad", _("does not count")),
}
# What a proof can lack (R3.38): the field to mend, and what to do.
LACKS = {
    "registry": ("kind", _("Name the registry that cancelled the units.")),
    "quantity": ("quantity", _("The certificate must state how many units were cancelled: at least 1.")),
    "date": ("cancelled_on", _("Enter the day of the cancellation as the certificate shows it.")),
    "date_ahead": ("cancelled_on", _("The cancellation lies in the future. Enter it once it is done.")),
    "project": ("project_name", _("Enter the project's name and its id in the registry.")),
    "vintage": ("vintage_start", _("Enter the vintage, or the period the units belong to.")),
    "number": ("certificate_number", _("Enter the certificate number or the serial numbers; one of them is needed.")),
    "account_holder": ("account_holder", _("Enter whose account in the registry the units came from.")),
    "purpose": (
        "stated_purpose",
        _("The units were cancelled for another purpose. A unit has one purpose and cannot support this claim."),
    ),
    "beneficiary": (
        "beneficiary",
        _("The certificate must name this activity or its organizer as beneficiary. Copy its words exactly."),
    ),
    "not_final": (
        "final",
        _("The registry must show the cancellation as final. A request or a booking is not enough."),
    ),
    "honour": (
        "document_kind",
        _("An honour or donation certificate does not prove a cancellation. Add the registry's own document."),
    ),
    "receipt": (
        "document_kind",
        _("A receipt shows a purchase, not a cancellation. Add the registry's own document."),
    ),
    "document": ("evidence", _("Add the document itself as a file.")),
}


def verdict(verdict: Any) -> dict[str, Any]:
    """A verdict as a page shows it."""
    tone, text = ANSWERS[verdict.answer.value]
    return {
        "tone": tone,
        "text": text,
        "why": VERDICTS[verdict.code],
        "rule": verdict.rule,
        "notes": [NOTES[note] for note in verdict.notes],
        "refused": verdict.refused,
        "asks_reason": verdict.asks_reason,
        "order": verdict.order,
    }


def eligibility(case: Case, row: list[tuple[Any, Any]]) -> dict[str, Any]:
    """What the rule packs say of one case, as a page shows it."""
    return {"case": CASES[case], "packs": [{"pack": pack, "verdict": verdict(found)} for pack, found in row]}


def points(row: Any) -> list[tuple[str, Any, Any]]:
    """What a certificate must show (R3.38): the rule's code, its name, what was entered."""
    vintage = f"{row.vintage_start:%Y-%m-%d} – {row.vintage_end:%Y-%m-%d}"
    project = f"{row.project_id_text} {row.project_name}".strip()
    return [
        ("registry", _("Registry"), row.kind.registry.name),
        ("kind", _("Kind of unit"), row.kind.name),
        ("quantity", _("Units cancelled"), f"{row.quantity:,d} t"),
        ("date", _("Day of the cancellation"), f"{row.cancelled_on:%Y-%m-%d}"),
        ("project", _("Project"), project),
        ("vintage", _("Vintage"), vintage),
        ("number", _("Certificate number"), row.certificate_number),
        ("serial", _("Serial numbers"), row.serial),
        ("account_holder", _("Account holder in the registry"), row.account_holder),
        ("beneficiary", _("Beneficiary on the certificate"), row.beneficiary),
        ("purpose", _("Purpose stated on the certificate"), row.get_stated_purpose_display()),
        ("honour", _("Kind of document"), row.get_document_kind_display()),
    ]


AMENDED = {
    "name_zh": _("Name in Chinese"),
    "name_en": _("Name in English"),
    "country": _("Country of the project"),
    "region_code": _("Province"),
    "place_name": _("Place of the project"),
    "sector": _("Sector"),
    "methodology": _("Methodology"),
    "developer": _("Developer"),
    "verifier": _("Verifier"),
    "crediting_start": _("Crediting period: first day"),
    "crediting_end": _("Crediting period: last day"),
    "labels": _("Labels of the registry"),
    "forestry": _("A forest or grassland project"),
    "formerly_poor_area": _("In a formerly poor area"),
}


def amendment(row: Any) -> dict[str, Any]:
    """A correction of a project as a page shows it: what stood, what stands now."""
    changes = [(AMENDED[name], *(_amended(name, value) for value in pair)) for name, pair in row.changes.items()]
    return {"row": row, "changes": changes}


def _amended(name: str, value: Any) -> Any:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    named = {"country": geography.country, "region_code": geography.province}.get(name)
    return named(value) if named and value else value


TWINS = {
    "same_name": _("the own words of the names agree"),
    "alike_name": _("half of the own words of the names agree"),
    "shared_name": _("some own words of the names agree"),
    "other_name": _("the names share hardly a word"),
    "own_words": _("each name has words the other lacks"),
    "same_kind": _("same kind of activity"),
    "other_kind": _("another kind of activity"),
    "same_number": _("same phase or unit number"),
    "other_number": _("another phase or unit number"),
    "other_country": _("another country"),
    "same_place": _("same place"),
    "other_place": _("another place"),
    "same_method": _("same methodology"),
    "other_method": _("another methodology"),
    "same_developer": _("same developer"),
    "other_developer": _("another developer"),
    "years_meet": _("vintages overlap"),
    "years_apart": _("vintages do not overlap"),
    "same_tonnes": _("nearly the same tonnes"),
    "other_tonnes": _("very different tonnes"),
}


def twin_reasons(codes: list[str]) -> list[tuple[Any, int]]:
    """Why two projects may be one, or may not, each with its points."""
    return [(TWINS[code], POINTS[Reason(code)]) for code in codes]


BAD_ROWS = {
    "number": _("is no whole number"),
    "day": _("is no day"),
    "ahead": _("lies in the future"),
    "missing": _("is empty"),
    "registry": _("names no registry known here"),
    "desk": _("belongs to a registry whose desk another body runs"),
    "event": _("is none of: issued, retired, cancelled"),
    "too_long": _("is too long for an id"),
    "window_day": _("holds no day that can be read, so it was left out; the rest of the row was taken"),
    "window_several": _("holds several days and not which one counts, so it was left out; the rest was taken"),
    "window_reversed": _("would end before it begins, so the period was left out; the rest of the row was taken"),
    "quotes": _("A quotation mark opens here and does not close; the row cannot be split into cells."),
    "cells": _("The row has more cells than the heading; a separator may stand inside a text."),
    "cut": _("The file ends in the middle of this row."),
    "damaged": _("The row holds signs that cannot be read; the file was damaged or saved in another encoding."),
    "twice": _("An earlier row of this file names the same and says something else (its row in brackets)."),
    "overlap": _("Some of these numbers stand in an earlier row of this file (its row in brackets)."),
    "overlap_known": _("Some of these numbers stand otherwise in a file read before (its row and digest in brackets)."),
    "serial_quantity": _("spans another number of units than the row declares"),
    "serial_range_missing": _("lacks its run of numbers"),
    "serial_range": _("ends before it begins, or begins below the first number"),
    "serial_vintage": _("names a vintage that cannot be right"),
    "serial_date": _("names a day that does not exist"),
    "serial_too_large": _("names a number that is too large"),
}


AGES = {
    Age.NEVER: ("", _("never read")),
    Age.CURRENT: ("good", _("current")),
    Age.STALE: ("wait", _("not read for longer than usual")),
    Age.FROZEN: ("bad", _("read, but it stands still")),
}


def bad_row(code: str) -> Any:
    """Why a row was set aside."""
    return BAD_ROWS.get(code, _("is no serial number of this registry"))


def feed(feed: Any) -> dict[str, Any]:
    """A feed as a page shows it."""
    tone, text = AGES[feed.age]
    return {"feed": feed, "tone": tone, "text": text}
