"""Drafts for programs: the rows as they are read and sent, all of them replaced or none, and twice is once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from neutrality.activities.models import Activity
from neutrality.inventory import operations, queries, rules
from neutrality.inventory.models import Inventory, Line
from neutrality.opendata import calculation, shapes
from neutrality.opendata.problems import Error, Wrong
from neutrality.opendata.shapes import Box

FIELDS = ("gwp_set", "lines")
NEW = "*"  # If-None-Match: * asks for a draft where there is none
IDENTITY = ("source", "stage", "description", "unit", "factor", "own_source")


@dataclass(frozen=True)
class Wanted:
    """What a draft shall hold, and the state it is to replace: an ETag, or NEW."""

    rows: list[dict[str, str]]
    gwp_set: str
    errors: list[Error]
    etag: str


def etag(draft: Inventory) -> str:
    """Version and saves of a draft: it changes whenever somebody saves."""
    return f'"v{draft.version}-{draft.edition}"'


def condition(headers: Mapping[str, str]) -> str:
    """The state a request replaces. Raises Wrong 428 where it does not say."""
    if headers.get("If-None-Match", "").strip() == NEW:
        return NEW
    given = headers.get("If-Match", "").strip()
    if not given:
        detail = _(
            "Read the draft and send its ETag as If-Match, so that nobody's work is overwritten unseen; "
            "If-None-Match: * opens a draft where there is none."
        )
        raise Wrong(428, "no_if_match", detail)
    return given


def read(value: Any, state: str) -> Wanted:
    """The rows of a body by field, what is wrong with its shape beside them."""
    errors: list[Error] = []
    box = Box(value, "", errors)
    box.only(FIELDS)
    gwp_set = box.choice("gwp_set", [code.value for code in rules.GWP_CHOICES])
    return Wanted(shapes.lines(box, rules.MOST_LINES), gwp_set, errors, state)


@transaction.atomic
def put(activity: Activity, kind: str, wanted: Wanted, by: Any, at: datetime) -> tuple[Inventory, bool]:
    """The draft with these rows, and whether anything changed. Rows that say what the draft says are no change,
    whatever state they were meant to replace. Raises Wrong: 404 no draft, 412 changed meanwhile, 422 every error."""
    draft = queries.draft(activity, kind)
    opened = draft is None
    if draft is None:
        draft = _opened(activity, kind, wanted.etag, by, at)
    rows = calculation.with_proposals(activity, keyed(draft, wanted.rows))
    outcome = calculation.understood(draft, rows, wanted.errors, gwp_set=wanted.gwp_set)
    before = [row.facts for row in queries.lines(draft)]
    if said(before) == said(outcome.lines) and wanted.gwp_set in ("", draft.gwp_set):
        return draft, opened
    if wanted.etag not in (etag(draft), NEW if opened else ""):
        raise changed(draft)
    try:
        saved = operations.save_draft(
            inventory=draft, lines=outcome.lines, edition=draft.edition, gwp_set=wanted.gwp_set, by=by, at=at
        )
    except operations.Stale as stale:
        raise changed(draft) from stale
    return saved, True


def _opened(activity: Activity, kind: str, state: str, by: Any, at: datetime) -> Inventory:
    """A draft where the request asked for a new one; a program never corrects what was submitted."""
    if state != NEW:
        raise Wrong(404, "not_found", _("There is no draft. Send If-None-Match: * to open one."))
    return operations.start(activity=activity, kind=kind, by=by, at=at)


def changed(draft: Inventory) -> Wrong:
    """412 with what to do."""
    detail = _(
        "Read the draft again, put your change into what it says now, and send it with the new ETag. "
        "Do not retry with the old one."
    )
    return Wrong(412, "changed", detail, headers={"ETag": etag(draft)})


def keyed(draft: Inventory, rows: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """The rows, each with a key. Where none was sent it is made from what the row is about and not from its figure, so
    that a line keeps its identity when the figure changes."""
    taken: dict[str, int] = {}
    found = []
    for row in rows:
        about = "/".join(row[name] for name in IDENTITY)
        taken[about] = taken.get(about, -1) + 1
        name = f"{draft.activity.code}/{draft.kind}/interface/{about}/{taken[about]}"
        found.append({**row, "key": row["key"] or str(uuid5(NAMESPACE_URL, name))})
    return found


def said(lines: Sequence[rules.Line]) -> list[rules.Line]:
    """What lines say, however a number is written and whatever is known of their error besides."""
    return [
        replace(line, position=0, spread_percent=None, quantity=line.quantity and line.quantity.normalize())
        for line in lines
    ]


def texts(line: Line) -> dict[str, str | None]:
    """A stored line as it is sent: sending it again changes nothing."""
    usual = rules.TIER_OF.get(rules.Treatment(line.treatment)) if line.treatment else None
    found = {
        "key": line.key,
        "source": line.source,
        "stage": line.stage,
        "treatment": line.treatment,
        "description": line.description,
        "quantity": _plain(line.quantity),
        "unit": line.unit,
        "factor": line.factor_version.code if line.factor_version else "",
        "reason": line.reason,
        "tier": "" if usual is None or line.tier == usual else line.tier,
        "own_value": _plain(line.own_value),
        "own_unit": line.own_unit,
        "own_source": line.own_source,
        "own_gwp": line.own_gwp,
        "evidence": line.evidence.digest if line.evidence else "",
        "uses": _plain(line.uses),
        "reused_percent": _plain(line.reused_percent),
        "uses_basis": line.uses_basis,
        "sharing": _plain(line.sharing),
    }
    return {name: text or None for name, text in found.items()}


def _plain(value: Any) -> str:
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def told(draft: Inventory) -> dict[str, Any]:
    """A draft for programs: its rows, and what they come to."""
    lines = queries.lines(draft)
    return {
        "activity": draft.activity.code,
        "kind": draft.kind,
        "version": draft.version,
        "edition": draft.edition,
        "lines": [texts(line) for line in lines],
        "result": calculation.told(draft, _sheet(draft, lines), len(lines)),
    }


def _sheet(draft: Inventory, lines: Sequence[Line]) -> rules.Sheet:
    facts = tuple(line.facts for line in lines)
    return rules.calculate(facts, draft.rulebook.rules.sources, rules.GwpSet(draft.gwp_set))
