"""From rows to the frozen facts the rules read."""

from neutrality.offsets import rules
from neutrality.offsets.models import Block, UnitKind


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
    country = block.project.country if block.project else ""
    return kind_facts(block.kind, vintage_start=block.vintage_start, **({"country": country} if country else {}))
