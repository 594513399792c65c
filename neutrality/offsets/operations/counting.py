"""Tonnes that registries state without serial numbers: told by their mark, changes as new versions."""

import hashlib
from collections import defaultdict
from typing import Any

from neutrality.offsets.models import PublishedCount
from neutrality.offsets.operations import describing, noting
from neutrality.offsets.rules import published

TOGETHER = 2000
Read = tuple[int, int, published.CountRow]


def told_apart(read: list[Read]) -> list[tuple[str, Read]]:
    """Each fact with its mark. Registries issue twice on a day under equal words: such rows are numbered, the largest
    first, so that the order of a file changes nothing; equal rows are one."""
    groups: dict[tuple[str, str, str], dict[published.CountRow, Read]] = defaultdict(dict)
    for each in read:
        fact = each[2]
        groups[fact.registry, fact.mark, fact.amount].setdefault(fact, each)
    found = []
    for (_registry, mark, _amount), rows in groups.items():
        ordered = sorted(rows.values(), key=lambda each: (-each[2].tonnes, content_of(each[2])))
        found += [(f"{mark} #{place}" if place > 1 else mark, each) for place, each in enumerate(ordered, 1)]
    return found


def content_of(fact: published.CountRow) -> str:
    said = (f"{fact.tonnes:f}", fact.on, fact.vintage, fact.beneficiary, fact.note, fact.identifier)
    return hashlib.sha256("\x1f".join(map(str, said)).encode()).hexdigest()


def store(taking: Any, read: list[Read]) -> dict[int, bool]:
    """Write the amounts. Returns the rows that said something: True where something new, False for changes only."""
    marked = told_apart(read)
    said: dict[int, bool] = {}
    projects = _projects(taking, read)
    for begin in range(0, len(marked), TOGETHER):
        for row, new in _some(taking, projects, marked[begin : begin + TOGETHER]):
            said[row] = said.get(row, False) or new
    return said


def _projects(taking: Any, read: list[Read]) -> dict[tuple[int, str], int]:
    asked = {
        (taking.registries[fact.registry].pk, fact.identifier): (fact.project_name, fact.country)
        for _row, _line, fact in read
    }
    known = noting.known(asked)
    describing.name([(*key, *said) for key, said in asked.items() if key not in known])
    return known if len(known) == len(asked) else noting.known(asked)


def _some(taking: Any, projects: dict[tuple[int, str], int], marked: list[tuple[str, Read]]) -> list[tuple[int, bool]]:
    newest = {
        (row.registry_id, row.mark, row.amount): row
        for row in PublishedCount.objects.filter(mark__in={mark[:200] for mark, _read in marked}).order_by("version")
    }
    fresh, said = [], []
    for mark, (number, line, fact) in marked:
        registry = taking.registries[fact.registry]
        before = newest.get((registry.pk, mark[:200], fact.amount.value))
        content = content_of(fact)
        if before is not None and before.content == content:
            continue
        said.append((number, before is None))
        fresh.append(
            PublishedCount(
                registry=registry,
                project_id=projects[registry.pk, fact.identifier],
                mark=mark[:200],
                amount=fact.amount.value,
                tonnes=fact.tonnes,
                counted_on=fact.on,
                vintage=fact.vintage[:40],
                beneficiary=fact.beneficiary[:300],
                note=fact.note[:1000],
                version=before.version + 1 if before else 1,
                content=content,
                file_id=taking.file_id,
                row=number,
                at_line=line,
            )
        )
    PublishedCount.objects.bulk_create(fresh)
    return said
