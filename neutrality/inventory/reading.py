"""From texts to lines: the words people may write, and the one path of page and workbook from rows to a sheet."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import translation

from neutrality.evidence.models import File
from neutrality.inventory import queries, rules, words
from neutrality.inventory.models import Inventory
from neutrality.inventory.operations import new_line_key
from neutrality.rulebook.rules import Rulebook

KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True)
class Outcome:
    """What a set of rows comes to: lines, their sheet, and the faults of reading and calculating together."""

    lines: tuple[rules.Line, ...]
    sheet: rules.Sheet
    faults: tuple[rules.Fault, ...]


def _spoken(names: Mapping[str, object]) -> dict[str, str]:
    """Every word of a table in both languages, folded, with its code."""
    found = {str(code): str(code) for code in names}
    for language in LANGUAGES:
        with translation.override(language):
            found |= {rules.folded(str(name)): str(code) for code, name in names.items()}
    return found


def sources(book: Rulebook) -> dict[str, str]:
    """What people write for a source of a rulebook, folded, with its code."""
    known: dict[str, str] = {}
    for source in book.sources:
        code = source.code.value
        known |= {code: code, rules.folded(source.name_zh): code, rules.folded(source.name_en): code}
    return known | _spoken({rules.OTHER_SOURCE: words.OTHER_SOURCE})


def stages(inventory: Inventory) -> dict[str, object]:
    """The stages inside the boundary of the activity, with their names."""
    return {stage.value: name for stage, name in words.STAGES.items() if stage.value in inventory.activity.stages}


def vocabulary(inventory: Inventory, raws: Iterable[Mapping[str, str]]) -> rules.Vocabulary:
    """What is understood for this inventory; factors and files are looked up for the codes that occur."""
    rows = list(raws)
    codes = {code.split()[0] for row in rows if (code := (row.get("factor") or "").strip())}
    digests = {digest for row in rows if (digest := (row.get("evidence") or "").strip())}
    owner = inventory.activity.organization.code
    files = File.objects.filter(owner_code=owner, digest__in=digests).values_list("digest", flat=True)
    return rules.Vocabulary(
        kind=rules.Kind(inventory.kind),
        sources=sources(inventory.rulebook.rules),
        stages=_spoken(stages(inventory)),
        treatments=_spoken(words.TREATMENTS),
        tiers=_spoken(words.TIERS),
        factors=queries.factors(codes),
        evidence=frozenset(files),
    )


def read_rows(inventory: Inventory, raws: Sequence[Mapping[str, str]], *, gwp_set: str = "") -> Outcome:
    """All rows at once; a row's position is its place in `raws`, from 1. Blank rows are no lines."""
    known = vocabulary(inventory, raws)
    lines, faults = [], []
    taken: set[str] = set()
    for position, raw in enumerate(raws, start=1):
        if rules.is_blank(raw):
            continue
        key = _key(raw, taken)
        line, wrong = rules.read(raw, key=key, position=position, words=known)
        lines.append(line)
        faults += wrong
    broken = {fault.position for fault in faults}
    sheet = rules.calculate(lines, inventory.rulebook.rules.sources, rules.GwpSet(gwp_set or inventory.gwp_set))
    faults += [fault for fault in sheet.faults if fault.position not in broken]
    return Outcome(tuple(lines), sheet, tuple(sorted(faults, key=lambda fault: fault.position or 0)))


def _key(raw: Mapping[str, str], taken: set[str]) -> str:
    """The key of a row; a fresh one where it has none, or where a copied row brought its neighbour's."""
    key = (raw.get("key") or "").strip()
    if not KEY.fullmatch(key) or key in taken:
        key = new_line_key()
    taken.add(key)
    return key
