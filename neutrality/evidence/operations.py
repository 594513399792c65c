"""deposit: bytes first, durable, then the row. pieces: check and read. publish: let anyone read it."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from neutrality.evidence import rules
from neutrality.evidence.models import File
from neutrality.refusals import Refusal
from neutrality.trail import operations as trail

PIECE = 1 << 16
WHY = {
    "empty": _("The file is empty. Choose another one."),
    "too_large": _("The file is larger than 25 MiB. Make it smaller or split it."),
    "unknown_type": _("Only PDF, JPG, PNG, XLSX and CSV files are kept. Save the file in one of these forms."),
    "wrong_content": _("The content of the file does not match its ending, or the file is damaged. Save it again."),
    "active_content": _("The workbook holds macros, embedded objects or links to other files. Save it without them."),
    "bad_name": _("The file needs a name with an ending, such as bill.pdf."),
}


class NotKept(Refusal):
    code = "not_kept"


class Damaged(Exception):
    """The bytes of a file are gone or are not the ones deposited: raised, logged, and found by verify."""


def path_of(digest: str) -> Path:
    """Where the bytes of that digest lie."""
    return Path(settings.EVIDENCE_ROOT) / digest[:2] / digest[2:4] / digest


def deposit(*, upload: Any, owner_code: str, by: Any, at: datetime) -> File:
    """Keep an uploaded file (anything with `name`, `size`, `read`). The same bytes of the same owner are one file."""
    try:
        if upload.size > rules.LARGEST:
            raise rules.BadFile("too_large")
        name, data = rules.clean_name(upload.name), upload.read(rules.LARGEST + 1)
        kind = rules.media_type(name, data)
    except rules.BadFile as bad:
        raise NotKept(bad.code, WHY[bad.code]) from bad
    digest = rules.digest(data)
    keep(digest, data)
    return _register(digest, name, len(data), kind, owner_code, by, at)


@transaction.atomic
def _register(digest: str, name: str, size: int, kind: str, owner_code: str, by: Any, at: datetime) -> File:
    file, new = File.objects.get_or_create(
        owner_code=owner_code,
        digest=digest,
        defaults={"name": name, "size": size, "media_type": kind, "deposited_by": by, "deposited_at": at},
    )
    if new:
        content = {"digest": digest, "size": size, "owner": owner_code}
        trail.record(verb="evidence.deposit", subject=f"evidence:{digest}", by=by, at=at, content=content)
    return file


@transaction.atomic
def publish(*, file: File, by: Any, at: datetime) -> File:
    """Let anyone read `file`; a second time changes nothing."""
    locked = File.objects.select_for_update().get(pk=file.pk)
    if locked.published_at is None:
        locked.published_at, locked.published_by = at, by
        locked.save(update_fields=["published_at", "published_by"])
        trail.record(verb="evidence.publish", subject=f"evidence:{file.digest}", by=by, at=at, public=True)
    return locked


def keep(digest: str, data: bytes) -> None:
    """Write the bytes so that a power cut leaves all of them or none: temp, fsync, rename, fsync the folder."""
    target = path_of(digest)
    if target.exists() and rules.digest(target.read_bytes()) == digest:
        return
    _make_folder(target.parent)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _make_folder(folder: Path) -> None:
    """Make `folder` and make its name durable in every folder above that was new."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    for made in missing:
        _sync_folder(made.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def deposit_stream(*, upload: Any, media_type: str, owner_code: str, by: Any, at: datetime) -> File:
    """Keep a file piece by piece, whatever its size. The caller has looked at it: `media_type` is taken at its word."""
    try:
        name = rules.clean_name(upload.name)
        if not upload.size:
            raise rules.BadFile("empty")
    except rules.BadFile as bad:
        raise NotKept(bad.code, WHY[bad.code]) from bad
    digest, size = _keep_stream(upload)
    return _register(digest, name, size, media_type, owner_code, by, at)


def _keep_stream(upload: Any) -> tuple[str, int]:
    """Digest and size of the bytes, which lie in their place as `keep` would have put them."""
    root = Path(settings.EVIDENCE_ROOT)
    _make_folder(root)
    handle, temporary = tempfile.mkstemp(dir=root, prefix=".new-")
    seen, size = hashlib.sha256(), 0
    try:
        with os.fdopen(handle, "wb") as file:
            while piece := upload.read(rules.MIB):
                seen.update(piece)
                size += len(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        target = path_of(seen.hexdigest())
        _make_folder(target.parent)
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)
    return seen.hexdigest(), size


def checked_path(file: File) -> Path:
    """Where the bytes lie, once they were read through and are what was deposited; Damaged otherwise."""
    path = path_of(file.digest)
    try:
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as gone:
        raise Damaged(f"evidence {file.digest} cannot be read") from gone
    if found != file.digest:
        raise Damaged(f"evidence {file.digest} has other bytes")
    return path


def pieces(file: File) -> Iterator[bytes]:
    """The bytes, a piece at a time. They are checked at once, before the first piece is asked for."""
    return _pieces(checked_path(file))


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            yield piece
