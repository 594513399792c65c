"""A project's crediting period, verifier and labels with everybody who says so: which stands, which says otherwise."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import NumericRange

from neutrality.offsets.models import Project, ProjectVersion, PublishedRun
from neutrality.offsets.models.feeds import LAYOUT_NAMES
from neutrality.offsets.queries.serials import published
from neutrality.offsets.rules import sources
from neutrality.offsets.rules.details import joined, parted
from neutrality.offsets.rules.published import NOTHING, Told

Window = tuple[date | None, date | None]


@dataclass(frozen=True)
class Source:
    """Who says it: a row of a file, or a person at the desk (no file). `issued_on` where it was said of one issue."""

    name: str
    file: Any
    row: int
    at_line: int | None
    at: datetime
    issued_on: date | None = None


@dataclass
class Said:
    """One wording and who uses it. `stands` is false for what others say otherwise."""

    text: str = ""
    start: date | None = None
    end: date | None = None
    stands: bool = True
    sources: list[Source] = field(default_factory=list)

    @property
    def each(self) -> tuple[str, ...]:
        """The labels of the text."""
        return parted(self.text)


@dataclass(frozen=True)
class Described:
    windows: list[Said]
    verifiers: list[Said]
    labels: list[Said]

    @property
    def differs(self) -> bool:
        return any(not said.stands for said in (*self.windows, *self.verifiers))

    @property
    def windows_differ(self) -> bool:
        return any(not said.stands for said in self.windows)


def described(project: Project) -> Described:
    """What all sources of a project say, first what stands. One query."""
    rows = ProjectVersion.objects.filter(project=project).select_related("file__evidence").order_by("version")
    by_source: dict[str, list[ProjectVersion]] = {}
    for row in rows:
        by_source.setdefault(row.layout, []).append(row)
    ordered = sorted(by_source.items(), key=lambda each: (sources.rank(each[0]), -each[1][-1].pk))
    versions = [mine for _layout, mine in ordered]
    return Described(_windows(project, versions), _verifiers(project, versions), _labels(project, versions))


def _windows(project: Project, sources_of: list[list[ProjectVersion]]) -> list[Said]:
    stands = Said(start=project.crediting_start, end=project.crediting_end)
    others: dict[Window, Said] = {}
    for versions in sources_of:
        told, since = _since(
            versions, lambda told: (told.crediting_start, told.crediting_end) if told.windowed else None
        )
        if since is None:
            continue
        start, end = told
        agrees = start in (None, stands.start) and end in (None, stands.end)
        said = stands if agrees else others.setdefault(told, Said(start=start, end=end, stands=False))
        said.sources.append(_source(since, "crediting_on"))
    return [*([stands] if stands.start or stands.end else []), *others.values()]


def _verifiers(project: Project, sources_of: list[list[ProjectVersion]]) -> list[Said]:
    found = {project.verifier: Said(project.verifier)} if project.verifier else {}
    for versions in sources_of:
        told, since = _since(versions, lambda told: told.verifier)
        if since is not None:
            found.setdefault(told, Said(told, stands=told == project.verifier)).sources.append(
                _source(since, "verifier_on")
            )
    return list(found.values())


def _labels(project: Project, sources_of: list[list[ProjectVersion]]) -> list[Said]:
    """The labels that stand, those of the same sources together."""
    by_label: dict[str, list[ProjectVersion]] = {}
    spelt: dict[str, str] = {}
    for versions in sources_of:
        for label in sources.stated([version.facts for version in versions]).labels:
            spelt.setdefault(label.casefold(), label)
            by_label.setdefault(label.casefold(), []).append(versions[_first_with(versions, label)])
    found: dict[tuple[int, ...], tuple[list[str], list[ProjectVersion]]] = {}
    for label, carried in by_label.items():
        found.setdefault(tuple(each.pk for each in carried), ([], carried))[0].append(spelt[label])
    plain = [Said(project.labels)] if project.labels and not found else []
    return [
        Said(joined(labels), sources=[_source(each) for each in carried]) for labels, carried in found.values()
    ] or plain


def _first_with(versions: list[ProjectVersion], label: str) -> int:
    """Since which version a label has been carried without a break."""
    at = len(versions) - 1
    while at and label in parted(versions[at - 1].facts.get("labels", "")):
        at -= 1
    return at


def _since(versions: list[ProjectVersion], said: Callable[[Told], Any]) -> tuple[Any, ProjectVersion | None]:
    """What a source says of one thing and since which version; a blank in between takes nothing away."""
    value, since = None, None
    for version in reversed(versions):
        one = said(sources.told_of(version.facts) or NOTHING)
        if not one:
            continue
        if since is not None and one != value:
            break
        value, since = one, version
    return value, since


def _source(version: ProjectVersion, day: str = "") -> Source:
    on = version.facts.get(day)
    issued_on = date.fromisoformat(on) if on else None
    if version.file is None:
        return Source("", None, 0, 0, version.said_at)
    name = str(LAYOUT_NAMES[version.layout])
    return Source(name, version.file, version.row, version.text_line, version.file.read_at, issued_on)


def published_labels(numbers: NumericRange) -> list[tuple[str, PublishedRun]]:
    """The labels the registry's own tables give to these numbers, each wording once with the first row that has it."""
    return list(_each_once(published(numbers)))


def _each_once(runs: list[PublishedRun]) -> Iterator[tuple[str, PublishedRun]]:
    seen: set[str] = set()
    for run in runs:
        if run.labels and run.labels not in seen:
            seen.add(run.labels)
            yield run.labels, run
