"""Published cases, reconstructed: real events with the figures their sources printed, next to ours (seeds/cases)."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.db import transaction

from accounts.models import Organization
from neutrality.activities import operations as activities
from neutrality.activities.models import Activity
from neutrality.evidence import operations as evidence
from neutrality.inventory import queries, rules
from neutrality.inventory.operations import filing
from neutrality.rulebook import queries as rulebooks
from neutrality.rulebook.rules import Source
from neutrality.trail import operations as trail

FOLDER = Path(settings.BASE_DIR) / "seeds" / "cases"
RULEBOOK = "cn-events-2019"


@dataclass(frozen=True)
class Case:
    """One file entry: the facts of an event, its lines by kind, and the totals its source published, in t."""

    facts: Mapping[str, Any]

    @property
    def code(self) -> str:
        return str(self.facts["code"])

    @property
    def scenario(self) -> bool:
        """A what-if of its source: calculated for conformance, no activity of its own."""
        return bool(self.facts.get("scenario"))

    @property
    def published(self) -> dict[str, str]:
        """Totals as printed, by kind."""
        return dict(self.facts["published"])

    @property
    def covered(self) -> dict[str, dict[str, str]]:
        """What the source says was cancelled for it, by kind: t, and by what in two languages. Nothing of it is ours to
        count where no serial numbers were published."""
        return dict(self.facts.get("covered", {}))

    def factor(self, name: str, library: Mapping[str, rules.Factor]) -> rules.Factor:
        """A factor of the case's own, or one of the library."""
        own = self.facts["factors"].get(name)
        if own is None:
            return library[name]
        return rules.own_factor(value=Decimal(own["value"]), unit=own["unit"], source=own["source"])

    def evidence(self) -> bytes:
        """The own factors as a small table, to stand behind them."""
        out = io.StringIO()
        table = csv.writer(out, lineterminator="\n")
        table.writerow(["factor", "kg_co2e", "per", "source"])
        for name, own in self.facts["factors"].items():
            table.writerow([name, own["value"], own["unit"], own["source"]])
        return out.getvalue().encode()


class Upload:
    """Bytes as an uploaded file."""

    def __init__(self, name: str, data: bytes):
        self.name, self.size, self._file = name, len(data), io.BytesIO(data)

    def read(self, most: int = -1) -> bytes:
        return self._file.read(most)


def cases() -> Iterator[Case]:
    """Every published case, in a fixed order."""
    for path in sorted(FOLDER.glob("*.json")):
        for facts in json.loads(path.read_text(encoding="utf-8"))["cases"]:
            yield Case(facts)


def lines(
    case: Case,
    kind: str,
    sources: tuple[Source, ...],
    library: Mapping[str, rules.Factor],
    evidence_digest: str = "",
) -> list[rules.Line]:
    """The lines of a case: what was counted, and the case's one answer for every other source."""
    counted = [
        rules.Line(
            key=_key(case, kind, f"{position} {description}"),
            position=position,
            source=source,
            stage=stage,
            treatment=rules.Treatment.ESTIMATED,
            description=description,
            quantity=Decimal(quantity),
            unit=unit,
            factor=case.factor(factor, library),
            tier=rules.Tier.CALCULATED,
            evidence=evidence_digest,
        )
        for position, (source, stage, description, quantity, unit, factor) in enumerate(case.facts["lines"][kind], 1)
    ]
    answered = {line.source for line in counted}
    rest = [source.code.value for source in sources if source.code.value not in answered]
    return counted + [_rest(case, code, place) for place, code in enumerate(rest, len(counted) + 1)]


def _rest(case: Case, source: str, position: int) -> rules.Line:
    other = case.facts["other"]
    absent = source in case.facts["not_occurring"]
    treatment = rules.Treatment.NOT_OCCURRING if absent else rules.Treatment(other["treatment"])
    reason = "" if absent else other["reason"]
    return rules.Line(_key(case, "", source), position, source, "holding", treatment, reason)


def _key(case: Case, kind: str, name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"{case.code}/{kind}/{name}"))


def calculate(case: Case, kind: str, sources: tuple[Source, ...], library: Mapping[str, rules.Factor]) -> rules.Sheet:
    """The case through the engine of every other inventory."""
    return rules.calculate(lines(case, kind, sources, library, "as published"), sources, rules.GWP_DEFAULT)


def as_printed(total_kg: Decimal, printed: str) -> Decimal:
    """Our total in tonnes with as many places as the source printed."""
    places = Decimal(printed).as_tuple().exponent
    return (total_kg / 1000).quantize(Decimal(1).scaleb(int(places)), "ROUND_HALF_UP")


@transaction.atomic
def load_case(*, case: Case, organization: Organization, by: Any, at: datetime) -> Activity:
    """Register the case as a reference activity of `organization` and submit its inventories. Twice is once.

    The activity names its source and the total it printed; it is a reconstruction and publishes no plan.
    """
    activity = _register(case, organization, by, at)
    digest = ""
    if case.facts["factors"]:
        upload = Upload(f"{case.code}-factors.csv", case.evidence())
        digest = evidence.deposit(upload=upload, owner_code=organization.code, by=by, at=at).digest
    codes = {line[5] for rows in case.facts["lines"].values() for line in rows}
    library = queries.factors(codes)
    for kind in sorted(case.facts["lines"], reverse=True):  # the estimate first
        if queries.newest(activity, kind) is None:
            _file(case, activity, kind, library, digest, by, at)
    return activity


def key_of(case: Case, organization: int) -> str:
    """The key under which an organization keeps the case."""
    return f"case-{case.code}-{organization}"[:40]


def _register(case: Case, organization: Organization, by: Any, at: datetime) -> Activity:
    key = key_of(case, organization.pk)
    found = Activity.objects.filter(key=key).first()
    if found is not None:
        return found
    facts = case.facts
    activity = activities.register(
        organization=organization,
        key=key,
        by=by,
        at=at,
        kind=facts["kind"],
        level=facts["level"],
        name_zh=facts["name_zh"],
        name_en=facts["name_en"],
        summary=facts["summary"],
        starts_on=date.fromisoformat(facts["starts_on"]),
        ends_on=date.fromisoformat(facts["ends_on"]),
        place_name=facts["place_name"],
        region_code=facts["region_code"],
        expected_people=facts["people"],
        online_people=facts["online_people"],
        rulebook=rulebooks.in_force(RULEBOOK, at.date()),
    )
    activity.source_citation = facts["citation"]
    activity.published_total_t = Decimal(case.published["actual"]).quantize(Decimal("0.0001"))
    activity.save(update_fields=["source_citation", "published_total_t"])
    content = {"source": activity.source_citation, "published_t": case.published["actual"]}
    trail.record(verb="activity.reconstruct", subject=f"activity:{activity.code}", by=by, at=at, content=content)
    return activity


def _file(
    case: Case, activity: Activity, kind: str, library: Mapping[str, rules.Factor], digest: str, by: Any, at: datetime
) -> None:
    sources = activity.rulebook.rules.sources
    draft = filing.start(activity=activity, kind=kind, by=by, at=at)
    rows = lines(case, kind, sources, library, digest)
    draft = filing.save_draft(inventory=draft, lines=rows, edition=draft.edition, by=by, at=at)
    filing.submit(inventory=draft, by=by, at=at)
