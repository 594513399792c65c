"""Projects as registries' tables describe them: each wording a version; the registry's own table writes the project."""

import re
from typing import Any

from django.db import connection

from neutrality import search
from neutrality.codes import new_code
from neutrality.offsets.models import Project, ProjectVersion, Registry
from neutrality.offsets.operations import noting
from neutrality.offsets.operations.blocks import plain_code
from neutrality.offsets.rules import published, sources
from neutrality.offsets.rules.columns import Layout

TOGETHER = 2000
HAN = re.compile(f"[{search.HAN}]")


def facts_of(row: published.ProjectRow) -> dict[str, str]:
    """What a project row says, by the columns of a project; its crediting period, verifier and labels are another
    matter, since they have several sources (`noting`)."""
    return {
        "name_zh" if HAN.search(row.name) else "name_en": row.name[:250],
        "country": row.country,
        "place_name": row.place[:120],
        "sector": row.sector[:200],
        "methodology": row.methodology[:200],
        "developer": row.developer[:200],
        "registry_status": row.status[:80],
    }


def name(asked: list[tuple[int, str, str, str]]) -> None:
    """Projects that runs name and nobody has described: registry, id, name, country."""
    for begin in range(0, len(asked), TOGETHER):
        made = [
            _new(registry_id, identifier, {"country": country, **_called(called or identifier)})
            for registry_id, identifier, called, country in asked[begin : begin + TOGETHER]
        ]
        _insert(made)


def _called(text: str) -> dict[str, str]:
    return {"name_zh" if HAN.search(text) else "name_en": text[:250]}


def _new(registry_id: int, identifier: str, facts: dict[str, str], told: published.Told = published.NOTHING) -> Project:
    """A project nobody has named before: what its only source tells stands."""
    made = Project(registry_id=registry_id, identifier=identifier, source="registry", **facts)
    noting.set_to(made, told)
    made.search = made.names
    return made


def _insert(made: list[Project]) -> None:
    """Many projects at once, each with a code of its own."""
    if not made:
        return
    registries = Registry.objects.in_bulk({project.registry_id for project in made})
    codes: dict[str, Project] = {}
    twice = []
    for project in made:
        project.code = plain_code(registries[project.registry_id], project.identifier)
        twice += [project] if project.code in codes else []
        codes.setdefault(project.code, project)
    twice += [codes[code] for code in Project.objects.filter(code__in=list(codes)).values_list("code", flat=True)]
    _tell_apart(twice, set(codes))
    _copy(made)


def _tell_apart(projects: list[Project], given: set[str]) -> None:
    """Drawn ends for codes that are another's; four signs are few, so a drawn code may be taken, too."""
    plain = {id(project): project.code for project in projects}
    while projects:
        for project in projects:
            project.code = new_code(plain[id(project)], groups=1)
        drawn = [project.code for project in projects]
        taken = given | set(Project.objects.filter(code__in=drawn).values_list("code", flat=True))
        again = []
        for project in projects:
            again += [project] if project.code in taken else []
            taken.add(project.code)
        given, projects = taken, again


def _copy(made: list[Project]) -> None:
    """By COPY, whatever columns a project has: a file may bring a hundred thousand of them."""
    fields = [field for field in Project._meta.concrete_fields if not field.primary_key]
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    with connection.cursor() as cursor, cursor.copy(f"COPY offsets_project ({names}) FROM STDIN") as copy:
        for project in made:
            copy.write_row([field.get_db_prep_save(getattr(project, field.attname), connection) for field in fields])


def store(
    taking: Any, layout: Layout, read: list[tuple[int, int, published.ProjectRow]]
) -> tuple[dict[int, bool], list[tuple[int, int, str, str, str]]]:
    """Write the described projects. Returns the rows that said something (True for a new project, False for a change)
    and those that describe a project of the same file in other words."""
    first: dict[tuple[str, str], tuple[int, int, published.ProjectRow]] = {}
    twice = []
    for each in read:
        number, line, row = each
        before = first.setdefault((row.registry, row.identifier), each)
        if before[2] != row:
            twice.append((number, line, "twice", "", f"{row.identifier} ({before[0]})"))
    said: dict[int, bool] = {}
    rows = list(first.values())
    for begin in range(0, len(rows), TOGETHER):
        said |= _some(taking, layout, rows[begin : begin + TOGETHER])
    return said, twice


def _some(taking: Any, layout: Layout, read: list[tuple[int, int, published.ProjectRow]]) -> dict[int, bool]:
    keys = {(taking.registries[row.registry].pk, row.identifier): (number, line, row) for number, line, row in read}
    known = _known(keys)
    missing = [_new(*key, facts_of(row), row.told) for key, (_number, _line, row) in keys.items() if key not in known]
    _insert(missing)
    fresh = {(project.registry_id, project.identifier) for project in missing}
    known |= _known(fresh)
    newest = _newest(layout, [project.pk for project in known.values()])
    versions, touched, told, said = [], [], [], {}
    for key, (number, line, row) in keys.items():
        project, facts = known[key], facts_of(row)
        besides = sources.facts_of(row.told)
        content = noting.content_of(facts | besides)
        before = newest.get(project.pk)
        if before is not None and before.content == content:
            continue
        place = {"file_id": taking.file_id, "row": number, "at_line": line}
        version = before.version + 1 if before else 1
        versions.append(
            ProjectVersion(
                project=project, layout=layout.name, facts=facts | besides, version=version, content=content, **place
            )
        )
        changed = key not in fresh and _brought(project, facts, overrule=layout.own)
        touched += [project] if changed else []
        told += [project] if key not in fresh and (besides or before) else []
        said[number] = key in fresh or before is None
    ProjectVersion.objects.bulk_create(versions)
    Project.objects.bulk_update(touched, [*facts_of(read[0][2]), "name_zh", "name_en", "search"], batch_size=500)
    noting.bring(told)
    return said


def _known(keys: Any) -> dict[tuple[int, str], Project]:
    rows = Project.objects.filter(
        registry_id__in={registry for registry, _identifier in keys},
        identifier__in={identifier for _registry, identifier in keys},
    )
    return {key: row for row in rows if (key := (row.registry_id, row.identifier)) in keys}


def _newest(layout: Layout, projects: list[int]) -> dict[int, ProjectVersion]:
    rows = ProjectVersion.objects.filter(project__in=projects, layout=layout.name).order_by("version")
    return {row.project_id: row for row in rows}


def _brought(project: Project, facts: dict[str, str], *, overrule: bool) -> bool:
    """Bring a project to what a table says; a collection by others only fills what is blank."""
    wanted = {key: value for key, value in facts.items() if value and getattr(project, key) != value}
    if not overrule:
        wanted = {key: value for key, value in wanted.items() if not getattr(project, key)}
    for key, value in wanted.items():
        setattr(project, key, value)
    project.search = project.names
    return bool(wanted)
