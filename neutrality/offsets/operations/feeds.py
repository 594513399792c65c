"""Read a registry's published file: again and again without doubling, bad rows set aside one by one."""

import csv
import hashlib
import io
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from neutrality.evidence import operations as evidence
from neutrality.offsets.models import BadRow, Project, PublishedRun, Registry, RegistryFile, SerialLine
from neutrality.offsets.operations.blocks import folded, project_code
from neutrality.offsets.rules import layouts
from neutrality.refusals import Refusal
from neutrality.trail import operations as trail

MOST_ROWS = 200_000
CHUNK = 1000
SEPARATORS = (",", ";", "\t")


class UnknownLayout(Refusal):
    code = "unknown_layout"
    message = _("The columns are of no registry file known here. Upload the file as the registry publishes it.")


class NotText(Refusal):
    code = "not_text"
    message = _("The file is not a readable table. Save it as CSV in UTF-8.")


class TooManyRows(Refusal):
    code = "too_many_rows"
    message = _("The file has more than %(most)s rows. Split it.")


@dataclass
class Tally:
    """What became of the rows."""

    new: int = 0
    changed: int = 0
    same: int = 0
    bad: list[BadRow] = field(default_factory=list)


@transaction.atomic
def read_file(*, upload: Any, owner_code: str, by: Any, at: datetime) -> RegistryFile:
    """Take a file in. The same bytes a second time return what was read then and write nothing."""
    data = upload.read()
    upload.seek(0)
    digest = hashlib.sha256(data).hexdigest()
    if done := RegistryFile.objects.filter(digest=digest).first():
        return done
    layout, rows = _table(data)
    registry = Registry.objects.select_for_update().get(code=layout.registry)
    kept = evidence.deposit(upload=upload, owner_code=owner_code, by=by, at=at)
    tally, runs = Tally(), []
    for begin in range(0, len(rows), CHUNK):
        runs += _chunk(registry, layout, rows[begin : begin + CHUNK], begin, tally)
    facts = {"new": tally.new, "changed": tally.changed, "same": tally.same, "bad": len(tally.bad), "rows": len(rows)}
    made = RegistryFile.objects.create(
        registry=registry, layout=layout.name, evidence=kept, digest=digest, read_at=at, read_by=by, **facts
    )
    for row in [*runs, *tally.bad]:
        row.file = made
    PublishedRun.objects.bulk_create(runs, batch_size=CHUNK)
    BadRow.objects.bulk_create(tally.bad, batch_size=CHUNK)
    content = {"layout": layout.name, "digest": digest, **facts}
    trail.record(verb="registry.read", subject=f"registry:{registry.code}", by=by, at=at, content=content, public=True)
    return made


def _table(data: bytes) -> tuple[layouts.Layout, list[dict[str, str]]]:
    """The layout and the rows, whatever the separator, the mark at the start, the line breaks in headings."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise NotText(field="file")
    for separator in SEPARATORS:
        try:
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
            names = [layouts.heading(name) for name in next(reader, [])]
            if layout := layouts.recognise(names):
                rows = [dict(zip(names, row, strict=False)) for row in reader if any(row)]
                break
        except csv.Error:
            raise NotText(field="file") from None
    else:
        raise UnknownLayout(field="file")
    if len(rows) > MOST_ROWS:
        raise TooManyRows(TooManyRows.message % {"most": f"{MOST_ROWS:,d}"}, field="file")
    return layout, rows


def _chunk(
    registry: Registry, layout: layouts.Layout, rows: list[dict[str, str]], begin: int, tally: Tally
) -> list[PublishedRun]:
    """Projects at once, runs as rows to insert; row numbers are the file's own, the heading being the first."""
    read: list[tuple[int, Any]] = []
    for number, row in enumerate(rows, begin + 2):
        try:
            read.append((number, layout.read(row)))
        except layouts.BadRow as bad:
            detail = {"code": bad.code, "column": bad.column[:80], "detail": bad.detail[:300]}
            tally.bad.append(BadRow(row=number, content={key: value[:500] for key, value in row.items()}, **detail))
    projects = _projects(registry, [each for _number, each in read], tally)
    runs = [(number, each) for number, each in read if isinstance(each, layouts.RunRow)]
    return _runs(registry, projects, runs, tally)


def _projects(registry: Registry, read: list[Any], tally: Tally) -> dict[str, Project]:
    wanted = {each.identifier for each in read}
    known = {row.identifier: row for row in Project.objects.filter(registry=registry, identifier__in=wanted)}
    for each in read:
        whole = isinstance(each, layouts.ProjectRow)
        facts = _project_facts(each) if whole else {"name_en": each.project_name[:250], "country": each.serial.country}
        found = known.get(each.identifier)
        if found is None:
            code = project_code(registry, each.identifier)
            found = Project(registry=registry, identifier=each.identifier[:40], code=code, source="registry", **facts)
            found.save()
            known[each.identifier] = found
            tally.new += whole
        elif whole:
            changes = {name: value for name, value in facts.items() if value and getattr(found, name) != value}
            for name, value in changes.items():
                setattr(found, name, value)
            if changes:
                found.save()
            tally.changed += bool(changes)
            tally.same += not changes
    return known


def _project_facts(each: layouts.ProjectRow) -> dict[str, str]:
    return {
        "name_en": each.name[:250],
        "country": each.country,
        "place_name": each.place[:120],
        "sector": each.sector[:200],
        "methodology": each.methodology[:200],
        "developer": each.developer[:200],
        "registry_status": each.status[:80],
    }


def _runs(
    registry: Registry, projects: dict[str, Project], read: list[tuple[int, layouts.RunRow]], tally: Tally
) -> list[PublishedRun]:
    lines = _lines(registry, {each.serial.line for _number, each in read})
    made: dict[tuple[int, int, str], PublishedRun] = {}
    for number, each in read:
        line = lines[each.serial.line]
        numbers = folded(line, each.serial.first, each.serial.last)
        run = PublishedRun(
            registry=registry,
            project=projects[each.identifier],
            line=line,
            numbers=numbers,
            serial=each.serial.canonical,
            quantity=each.serial.quantity,
            event=each.event.value,
            event_on=each.on,
            beneficiary=each.beneficiary[:300],
            note=each.note[:1000],
            row=number,
        )
        run.content = _content(run)
        made[(numbers.lower, numbers.upper, run.event)] = run
    return _unknown(made, tally)


def _unknown(made: dict[tuple[int, int, str], PublishedRun], tally: Tally) -> list[PublishedRun]:
    """Those that say something new; a changed row gets the next version."""
    ranges = [run.numbers for run in made.values()]
    newest: dict[tuple[int, int, str], PublishedRun] = {}
    for old in PublishedRun.objects.filter(numbers__in=ranges).order_by("version"):
        newest[(old.numbers.lower, old.numbers.upper, old.event)] = old
    fresh = []
    for key, run in made.items():
        old = newest.get(key)
        if old is not None and old.content == run.content:
            tally.same += 1
            continue
        run.version = old.version + 1 if old else 1
        tally.changed += old is not None
        tally.new += old is None
        fresh.append(run)
    return fresh


def _content(run: PublishedRun) -> str:
    said = (run.serial, run.event_on.isoformat(), run.beneficiary, run.note, str(run.project_id))
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()


def _lines(registry: Registry, texts: set[str]) -> dict[str, SerialLine]:
    SerialLine.objects.bulk_create(
        [SerialLine(registry=registry, text=text) for text in sorted(texts)], ignore_conflicts=True
    )
    return {line.text: line for line in SerialLine.objects.filter(registry=registry, text__in=texts)}
