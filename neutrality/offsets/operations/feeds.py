"""Files of registries: handed in, kept by their digest, read whole or not at all, again and again without doubling."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, connections, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from neutrality.evidence import operations as evidence
from neutrality.evidence import rules as files
from neutrality.offsets import tables
from neutrality.offsets.models import Reading, Registry, RegistryFile, UnitKind
from neutrality.offsets.operations import taking
from neutrality.offsets.rules import Syntax, layouts, published
from neutrality.refusals import Refusal
from neutrality.trail import operations as trail

LARGEST = 400 * files.MIB
AT_ONCE = 2 * files.MIB
MOST_ATTEMPTS = 3
HEARD = """
UPDATE offsets_reading SET rows_done = %s, percent = %s, heard_at = %s WHERE id = %s AND state = 'waiting'
"""
LOCK = 6962_04  # the first half of the advisory lock under which one reading is done


class TooLarge(Refusal):
    code = "too_large"
    message = _("The file is larger than 400 MB. Split it; rows that come twice are read once.")


class NotATable(Refusal):
    code = "not_a_table"
    message = _("Only CSV and XLSX are read. Save the registry's export in one of these forms.")


class OtherDesk(Refusal):
    code = "other_desk"
    message = _("This is a file of another registry, whose desk another body runs.")


class GaveUp(Refusal):
    code = "gave_up"
    message = _("Reading it was begun three times and never ended. Split the file and hand it in again.")


class Withdrawn(Refusal):
    code = "withdrawn"
    message = _("Somebody stopped the reading. Nothing of it was kept.")


REFUSALS: dict[str, type[Refusal]] = {
    each.code: each
    for each in (
        tables.UnknownLayout,
        tables.NotText,
        tables.WebPage,
        tables.NoRows,
        tables.BadSheet,
        TooLarge,
        NotATable,
        OtherDesk,
        GaveUp,
        Withdrawn,
    )
}


def hand_in(*, upload: Any, owner_code: str, registries: Any, by: Any, at: datetime) -> Reading:
    """Keep an uploaded file and queue it. What is plainly no table of these registries is refused at once."""
    if upload.size > LARGEST:
        raise TooLarge(field="file")
    media_type = _media_type(upload.name)
    with _on_disk(upload) as path, tables.opened(path, media_type) as table:
        _desk(table.layout, {registry.code for registry in registries})
    if media_type == "text/csv":
        kept = evidence.deposit_stream(upload=upload, media_type=media_type, owner_code=owner_code, by=by, at=at)
    else:
        kept = evidence.deposit(upload=upload, owner_code=owner_code, by=by, at=at)
    waiting = Reading.objects.filter(evidence=kept, state="waiting").order_by("id").first()
    return waiting or Reading.objects.create(evidence=kept, asked_at=at, asked_by=by)


def _media_type(name: str) -> str:
    suffix = Path(name).suffix.lower()
    if suffix in (".csv", ".txt", ".tsv"):
        return "text/csv"
    if suffix == ".xlsx":
        return files.MEDIA_TYPES["xlsx"]
    raise NotATable(field="file")


@contextmanager
def _on_disk(upload: Any) -> Iterator[Path]:
    """The uploaded bytes under a path, as they came."""
    if hasattr(upload, "temporary_file_path"):  # a large upload lies on disk already
        yield Path(upload.temporary_file_path())
        return
    with tempfile.NamedTemporaryFile() as copy:
        upload.seek(0)
        while piece := upload.read(files.MIB):
            copy.write(piece)
        copy.flush()
        upload.seek(0)
        yield Path(copy.name)


def _desk(layout: layouts.Layout, codes: set[str]) -> None:
    if layout.registry and layout.registry not in codes:
        raise OtherDesk(field="file")


def read_file(*, upload: Any, owner_code: str, by: Any, at: datetime, registries: Any = None) -> RegistryFile:
    """Take a file in at once. The same bytes a second time return what was read then and write nothing of it."""
    registries = Registry.objects.all() if registries is None else registries
    with transaction.atomic():
        reading = hand_in(upload=upload, owner_code=owner_code, registries=registries, by=by, at=at)
        return read(reading=reading, registries=registries, at=at)


@transaction.atomic
def read(*, reading: Reading, registries: Any, at: datetime, tell: taking.Tell | None = None) -> RegistryFile:
    """Read one file that was handed in. Either everything of it is written, with the rows set aside, or nothing."""
    kept = reading.evidence
    done = RegistryFile.objects.filter(digest=kept.digest).first()
    made = done or _read(reading, registries, at, tell or (lambda rows, percent: None))
    ended = {"state": "read", "file": made, "ended_at": at, "percent": 100, "rows_done": made.rows}
    Reading.objects.filter(pk=reading.pk).update(**ended)
    return made


def _read(reading: Reading, registries: Any, at: datetime, tell: taking.Tell) -> RegistryFile:
    kept, by = reading.evidence, reading.asked_by
    path = evidence.checked_path(kept)
    with tables.opened(path, kept.media_type) as table:
        layout = table.layout
        wanted = registries.filter(code=layout.registry) if layout.registry else registries
        # Locked in one order, so that two files of one registry wait and never meet.
        locked = {registry.code: registry for registry in wanted.select_for_update(of=("self",)).order_by("pk")}
        _desk(layout, set(locked))
        knows = taking.Taking(_file_number(), locked, context(), timezone.localtime(at).date())
        tally = taking.take(table, knows, tell)
    bad = tally.bad
    if tally.apart:
        with tables.opened(path, kept.media_type) as table:
            bad = [*bad, *taking.with_cells(table, tally.apart)]
    facts = {"rows": tally.rows, "new": tally.new, "changed": tally.changed, "same": tally.same, "bad": len(bad)}
    made = RegistryFile.objects.create(
        pk=knows.file_id,
        registry=locked.get(layout.registry),
        layout=layout.name,
        evidence=kept,
        digest=kept.digest,
        newest_on=tally.newest_on,
        read_at=at,
        read_by=by,
        **facts,
    )
    taking.store_bad(made.pk, [*bad, *tally.cells])
    subject = f"registry:{layout.registry or layout.name}"
    content = {"layout": layout.name, "digest": kept.digest, **facts}
    trail.record(verb="registry.read", subject=subject, by=by, at=at, content=content, public=True)
    return made


def _file_number() -> int:
    """The number of the file's row, taken before it is written: its runs name it, and its counts are known last."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('offsets_registryfile', 'id'))")
        return int(cursor.fetchone()[0])


def context() -> published.Context:
    """What readers must know of the registries here: their names, and how each writes its serials."""
    names: dict[str, str] = {}
    for registry in Registry.objects.all():
        named = (registry.code, registry.name_zh, registry.name_en)
        names |= {name.casefold(): registry.code for name in named if name}
    syntaxes: dict[str, tuple[Syntax, ...]] = {}
    for code, syntax in UnitKind.objects.order_by("pk").values_list("registry__code", "syntax"):
        syntaxes[code] = tuple(dict.fromkeys((*syntaxes.get(code, ()), Syntax(syntax))))
    return published.Context(names, syntaxes)


@transaction.atomic
def withdraw_reading(*, reading: Reading, by: Any, at: datetime) -> Reading:
    """Stop a reading that has not ended. Whoever reads it notices at the next piece and keeps nothing."""
    locked = Reading.objects.select_for_update().get(pk=reading.pk)
    if locked.state == "waiting":
        locked.state, locked.ended_at, locked.refusal = "withdrawn", at, Withdrawn.code
        locked.save(update_fields=["state", "ended_at", "refusal"])
    return locked


def read_waiting(*, reading: Reading, registries: Any, now: Callable[[], datetime]) -> bool:
    """One reading of the queue, unless another worker is at it. A killed worker leaves nothing but an attempt: its
    lock goes with its connection, its rows with its transaction, and the next one begins anew."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, reading.pk])
        if not cursor.fetchone()[0]:
            return False
    try:
        return _attempt(reading, registries, now)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, reading.pk])


def _attempt(reading: Reading, registries: Any, now: Callable[[], datetime]) -> bool:
    row = Reading.objects.select_related("evidence", "asked_by").get(pk=reading.pk)
    if row.state != "waiting":
        return False
    try:
        if row.attempts >= MOST_ATTEMPTS:
            raise GaveUp
        Reading.objects.filter(pk=row.pk).update(attempts=row.attempts + 1, heard_at=now())
        with _progress(row, now) as tell:
            read(reading=row, registries=registries, at=now(), tell=tell)
    except Refusal as refusal:
        told = {"state": "refused", "ended_at": now(), "refusal": refusal.problems[0].code}
        Reading.objects.filter(pk=row.pk, state="waiting").update(**told)
        return False
    return True


@contextmanager
def _progress(reading: Reading, now: Callable[[], datetime]) -> Iterator[taking.Tell]:
    """Progress is told over a connection of its own, since what the reading writes is seen only when it has ended."""
    beside = connections.create_connection("default")

    def tell(rows: int, percent: int) -> None:
        with beside.cursor() as cursor:
            cursor.execute(HEARD, [rows, percent, now(), reading.pk])
            if not cursor.rowcount:
                raise Withdrawn

    try:
        yield tell
    finally:
        beside.close()
