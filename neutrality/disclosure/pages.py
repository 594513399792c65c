"""What the pages of this room show, gathered."""

from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import get_language

from neutrality.activities import queries as activity_queries
from neutrality.activities import words
from neutrality.activities.models import Activity
from neutrality.activities.rules import Gap
from neutrality.disclosure import access, book, certifying, operations, queries, rules
from neutrality.disclosure import badge as drawing
from neutrality.disclosure.models import Plan, Statement
from neutrality.evaluation.rules import Mode
from neutrality.inventory import queries as inventories
from neutrality.inventory.rules import Kind
from neutrality.printing.typesetting import Certificate, Frame
from neutrality.quantities import obligation
from neutrality.trail import queries as trail
from neutrality.trail.models import Entry


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _entry(verb: str, subject: str) -> Entry | None:
    return Entry.objects.filter(subject=subject, verb=verb).only("number").first()


def statement(number: str, on: date) -> dict[str, Any]:
    """A statement: its book, its words of today, its place in the chain, its receipt.

    Kept until anything happens anywhere: every operation writes one trail entry, so the end of the trail is the
    version of all the facts behind the words. Nothing is ever shown that a fresh reading would not show.
    """
    return dict(_statement(number, on, get_language(), trail.version()))


@lru_cache(maxsize=256)
def _statement(number: str, on: date, _language: str, _version: str) -> dict[str, Any]:
    found = access.statement(number)
    content = found.content
    facts = queries.live(found.activity, on)
    context = {
        "statement": found,
        "content": content,
        "activity": found.activity,
        "book": book.of(found, facts),
        "claim": rules.claim(facts),
        "pairs": book.pairs(content),
        "successor": getattr(found, "successor", None),
        "withdrawal": getattr(found, "withdrawal", None),
        "entry": _entry("disclosure.publish_statement", f"statement:{found.number}"),
        "declared_at": _moment(content["declared"]["at"]),
        "on": on,
        "structured": _structured(found),
    }
    return context | {"body": render_to_string("disclosure/_statement.html", context)}


def then(found: Statement, on: date, today: date) -> dict[str, Any]:
    """What could be said of a statement's activity when the day `on` ended, beside what can be said today."""
    facts = queries.then(found.activity, on)
    return {
        "facts": facts,
        "owed": None if facts.due_kg is None else obligation(facts.due_kg),
        "said": rules.claim(facts),
        "balance": rules.balance(facts.due_kg, facts.units, partial=facts.partial),
        "claim": queries.claim(found.activity, today),
    }


def certificate(number: str, frame: Frame) -> Certificate:
    """The certificate of a statement in the active language, kept as its page is."""
    return _certificate(number, frame, get_language(), trail.version())


@lru_cache(maxsize=256)
def _certificate(number: str, frame: Frame, _language: str, _version: str) -> Certificate:
    return certifying.statement(access.statement(number), frame)


def badge(number: str, on: date, *, monochrome: bool) -> str:
    """The badge of a statement in the active language, kept as its page is: it stands on pages with many readers."""
    return _badge(number, on, monochrome, get_language(), trail.version())


@lru_cache(maxsize=1024)
def _badge(number: str, on: date, monochrome: bool, _language: str, _version: str) -> str:
    return drawing.svg(access.statement(number), on, monochrome=monochrome)


def _structured(found: Statement) -> dict[str, Any]:
    """The statement as search engines read it: a report, by whom, about what, and where its data lie."""
    content = found.content
    return {
        "@context": "https://schema.org",
        "@type": "Report",
        "identifier": found.number,
        "name": book.named(content["name"]),
        "datePublished": content["declared"]["at"],
        "author": {"@type": "Organization", "name": book.named(content["organizer"])},
        "encoding": {"@type": "MediaObject", "encodingFormat": "application/json", "sha256": found.digest},
    }


def register(wanted: queries.Wanted, on: date) -> queries.Page:
    """One page of the register, kept as a statement is."""
    return _register(wanted, on, trail.version())


@lru_cache(maxsize=128)
def _register(wanted: queries.Wanted, on: date, _version: str) -> queries.Page:
    return queries.page(wanted, on)


def plan(found: Plan, on: date) -> dict[str, Any]:
    """A plan: its content and what may be said of the activity today."""
    return {
        "plan": found,
        "content": found.content,
        "activity": found.activity,
        "claim": queries.claim(found.activity, on),
        "sources": [one for one in found.content["estimate"]["by_source"] if one["kg"] is not None],
        "entry": _entry("disclosure.publish_plan", f"plan:{found.number}"),
        "declared_at": _moment(found.content["declared"]["at"]),
        "amendments": found.activity.amendments.all(),
        "statement": queries.newest_statement(found.activity),
    }


def before_plan(activity: Activity) -> dict[str, Any]:
    """What is still missing before the plan can be published, and the estimate that will be frozen."""
    draft = inventories.draft(activity, Kind.ESTIMATE)
    estimate = inventories.current(activity, Kind.ESTIMATE)
    sheet = inventories.sheet(draft or estimate) if draft or estimate else None
    total = sheet.total_kg if sheet and not sheet.gaps else None
    gaps = activity_queries.plan_gaps(activity, total)
    return {
        "gaps": [words.GAP[gap] for gap in gaps if gap is not Gap.ESTIMATE or sheet is None],
        "open_sources": len({gap.source for gap in sheet.gaps}) if sheet else 0,
        "estimate_kg": sheet.total_kg if sheet else None,
        "measures": activity.measures.order_by("number"),
        "published": Plan.objects.filter(activity=activity).first(),
    }


def before_statement(activity: Activity, on: date) -> dict[str, Any]:
    """The account as it stands, and what may be said once it is published."""
    facts = queries.live(activity, on)
    return {
        "facts": facts,
        "missing": [message for message, lacks in _missing(activity, facts).items() if lacks],
        "now": rules.claim(facts),
        "balance": rules.balance(facts.due_kg, facts.units, partial=facts.partial),
        "will_say": rules.claim(replace(facts, published=True, claimed=True, withdrawn=None)),
    }


def _missing(activity: Activity, facts: rules.ClaimFacts) -> dict[Any, bool]:
    """What stands in the way of a statement, in the words of the refusals it would meet."""
    return {
        operations.NotOver.message: not facts.ended,
        operations.NotAccounted.message: facts.total_kg is None,
        operations.NotConfirmed.message: facts.total_kg is not None and facts.mode is Mode.NONE,
        operations.NothingReduced.message: not activity_queries.reduction(activity).done,
    }
