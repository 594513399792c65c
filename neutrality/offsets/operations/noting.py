"""What tables and persons tell of projects besides their names: kept source by source, never written over; the project
is brought to what stands of it (`rules.sources`)."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from neutrality.offsets.models import Project, ProjectVersion
from neutrality.offsets.rules import published, sources
from neutrality.offsets.rules.columns import Layout
from neutrality.offsets.rules.details import joined, parted, searched
from neutrality.search import named

TOGETHER = 2000
UPDATE = """
UPDATE offsets_project project SET crediting_start = said.crediting_start, crediting_end = said.crediting_end,
  verifier = said.verifier, labels = said.labels,
  search = CASE WHEN said.anew THEN said.search::tsvector ELSE project.search || said.search::tsvector END
FROM unnest(%s::bigint[], %s::date[], %s::date[], %s::text[], %s::text[], %s::boolean[], %s::text[])
  AS said (id, crediting_start, crediting_end, verifier, labels, anew, search)
WHERE project.id = said.id
"""
Key = tuple[int, str]


def content_of(facts: sources.Facts) -> str:
    """The digest by which a version is told from the one before."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def known(keys: Iterable[Key]) -> dict[Key, int]:
    """Projects by registry and their id there."""
    asked = set(keys)
    rows = Project.objects.filter(registry_id__in={registry for registry, _identifier in asked})
    found = rows.filter(identifier__in={identifier for _registry, identifier in asked})
    return {
        (registry, identifier): pk for pk, registry, identifier in found.values_list("pk", "registry_id", "identifier")
    }


def by_project(taking: Any, read: list[tuple[int, int, published.Fact]]) -> dict[int, list[sources.Note]]:
    """The remarks among the facts of a file, by the project they are on."""
    remarks = [(row, line, fact) for row, line, fact in read if isinstance(fact, published.Remark)]
    projects = known((taking.registries[fact.registry].pk, fact.identifier) for _row, _line, fact in remarks)
    found: dict[int, list[sources.Note]] = {}
    for row, line, fact in remarks:
        project = projects.get((taking.registries[fact.registry].pk, fact.identifier))
        if project is not None:
            found.setdefault(project, []).append(sources.Note(row, line, fact.told, fact.on))
    return found


def store(taking: Any, layout: Layout, notes: dict[int, list[sources.Note]]) -> list[int]:
    """Keep what the rows of a file add to what their table said before. Returns the rows that added something."""
    rows: list[int] = []
    keys = sorted(notes)
    for begin in range(0, len(keys), TOGETHER):
        asked = keys[begin : begin + TOGETHER]
        newest = {
            row.project_id: row
            for row in ProjectVersion.objects.filter(project__in=asked, layout=layout.name).order_by("version")
        }
        made = [each for key in asked for each in _versions(taking, layout, key, newest.get(key), notes[key])]
        ProjectVersion.objects.bulk_create(made)
        bring(Project.objects.in_bulk({version.project_id for version in made}).values())
        rows += [version.row for version in made]
    return rows


def _versions(
    taking: Any, layout: Layout, project: int, before: ProjectVersion | None, notes: list[sources.Note]
) -> list[ProjectVersion]:
    steps = sources.grown(before.facts if before else {}, notes)
    return [
        ProjectVersion(
            project_id=project,
            layout=layout.name,
            version=before.version + place if before else place,
            facts=facts,
            content=content_of(facts),
            file_id=taking.file_id,
            row=note.row,
            at_line=note.at_line,
        )
        for place, (note, facts) in enumerate(steps, 1)
    ]


def bring(projects: Iterable[Project]) -> None:
    """Bring projects to what stands of all their sources."""
    rows = {project.pk: project for project in projects}
    said = []
    for key, told in standing(rows).items():
        project, before = rows[key], rows[key].labels
        if set_to(project, told):
            columns = (key, project.crediting_start, project.crediting_end, project.verifier, project.labels)
            said.append((*columns, *_found_by(project, before)))
    if said:
        with connection.cursor() as cursor:
            cursor.execute(UPDATE, [list(column) for column in zip(*said, strict=True)])


def _found_by(project: Project, before: str) -> tuple[bool, str]:
    """What a project is found by: all of it anew (True) where a label went, else the words of new labels, to be added:
    to spell all names of thousands of projects takes longer than everything else done to them."""
    words, known = searched(project.labels), set(searched(before))
    if not known <= set(words):
        return True, project.names
    return False, _spelt(tuple(word for word in words if word not in known))


@lru_cache(maxsize=1024)
def _spelt(labels: tuple[str, ...]) -> str:
    return named((), labels) if labels else ""


def standing(projects: Iterable[int]) -> dict[int, published.Told]:
    """What stands of projects that any source speaks of."""
    said: dict[int, list[sources.Version]] = {}
    versions = ProjectVersion.objects.filter(project__in=list(projects)).order_by("version")
    for project, *version in versions.values_list("project", "layout", "pk", "facts"):
        said.setdefault(project, []).append(sources.Version(*version))
    return {project: sources.standing(mine) for project, mine in said.items()}


def set_to(project: Project, told: published.Told) -> bool:
    """Put what stands into the columns of a project; whether that changed any."""
    before = (project.crediting_start, project.crediting_end, project.verifier, project.labels)
    after = (told.crediting_start, told.crediting_end, told.verifier, joined(told.labels))
    project.crediting_start, project.crediting_end, project.verifier, project.labels = after
    return before != after


def enter(*, project: Project, by: Any, at: datetime) -> sources.Facts:
    """Keep what a person entered at the desk as a source of its own. Returns what was stated."""
    window = (project.crediting_start, project.crediting_end)
    facts = sources.facts_of(published.Told(*window, project.verifier, parted(project.labels)))
    if facts:
        ProjectVersion.objects.create(
            project=project, layout=sources.DESK, facts=facts, content=content_of(facts), row=0, said_by=by, said_at=at
        )
    return facts
