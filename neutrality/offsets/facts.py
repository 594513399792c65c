"""From rows to the frozen facts the rules read."""

from collections.abc import Sequence
from typing import Any

from neutrality.offsets import rules
from neutrality.offsets.models import Block, Project, Proof, UnitKind
from neutrality.rulebook.rules import Family

_READ: dict[tuple[Any, ...], tuple[Family, ...]] = {}
MOST_READ = 64


def families(rulebook: Any) -> tuple[Family, ...]:
    """The unit families of a rulebook version, read once per process: a version never changes, and reading a whole
    pack costs more than the retirement that asks."""
    key = (rulebook.pk, rulebook.code, rulebook.version, rulebook.published_at)
    if key not in _READ:
        if len(_READ) >= MOST_READ:
            _READ.clear()
        _READ[key] = rulebook.rules.unit_families
    return _READ[key]


NEW_PLANTING = rules.UnitFacts("new-planting", "new_forest")
"""Sinks of newly planted forest: no unit of a registry, judged beside them (R1.22 to R1.27)."""


def kind_facts(kind: UnitKind, **over: object) -> rules.UnitFacts:
    return rules.UnitFacts(
        **{
            "kind": kind.code,
            "family": kind.family,
            "country": kind.registry.country if kind.family != "foreign" else "",
            "recognition": rules.Recognition(kind.recognition),
            "legacy": kind.legacy,
            "temporary": kind.temporary,
            "named_by": kind.named_by,
            **over,
        }
    )


def unit_facts(block: Block) -> rules.UnitFacts:
    """What the rules need to know of a block."""
    return kind_facts(block.kind, **_of_units(block, block.project, block.project.country if block.project else ""))


def eligibility(
    unit: rules.UnitFacts, packs: Sequence[Any]
) -> list[tuple[rules.Case, list[tuple[Any, rules.Verdict]]]]:
    """What each of these rulebooks says of a kind of unit, in every case its rules tell apart."""
    return [
        (case, [(pack, rules.judge(facts, pack.code, families(pack))) for pack in packs])
        for case, facts in rules.cases(unit)
    ]


def _of_units(row: Any, project: Project | None, country: str) -> dict[str, Any]:
    """Vintage and country of a block or a proof, and the crediting period of its project where one is known."""
    facts: dict[str, Any] = {"vintage_start": row.vintage_start, "vintage_end": row.vintage_end}
    if country:
        facts["country"] = country
    if project is not None:
        facts |= {"crediting_start": project.crediting_start, "crediting_end": project.crediting_end}
    return facts


def block_verdict(activity: Any, block: Block) -> rules.Verdict:
    """May units of the block stand behind the activity, under its own rule pack?"""
    return rules.judge(unit_facts(block), activity.rulebook.code, families(activity.rulebook))


def proof_verdict(row: Proof) -> rules.Verdict:
    """May the units a proof speaks of, cancelled elsewhere, stand behind its activity?"""
    facts = kind_facts(row.kind, **_of_units(row, known_project(row), row.country))
    return rules.judge(facts, row.activity.rulebook.code, families(row.activity.rulebook))


def known_project(row: Proof) -> Project | None:
    """The project a proof names, when it is on record here."""
    return Project.objects.filter(registry=row.kind.registry_id, identifier=row.project_id_text).first()


def proof_facts(row: Proof, *, final: bool = True, has_document: bool = True) -> rules.ProofFacts:
    """What a proof says; a recorded one is final and has its document."""
    return rules.ProofFacts(
        family=row.kind.family,
        registry_named=True,
        quantity=row.quantity,
        cancelled_on=row.cancelled_on,
        project_named=bool(row.project_name and row.project_id_text),
        vintage_named=bool(row.vintage_start and row.vintage_end),
        serial=row.serial,
        certificate_number=row.certificate_number,
        account_holder=row.account_holder,
        beneficiary=row.beneficiary,
        stated_purpose=rules.Purpose(row.stated_purpose),
        document_kind=rules.DocumentKind(row.document_kind),
        final=final,
        has_document=has_document,
    )
