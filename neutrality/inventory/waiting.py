"""The waiting room: the bytes of a list until it ends, beside the evidence and readable by the portal alone."""

import hashlib
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

PIECE = 1024 * 1024
FOLDER = "waiting"


def folder() -> Path:
    return Path(settings.EVIDENCE_ROOT) / FOLDER


def path_of(key: UUID) -> Path:
    """Where the bytes of a list lie while it is open."""
    return folder() / str(key)


def keep(key: UUID, upload: Any) -> tuple[str, int]:
    """Write an upload piece by piece; returns its digest and size."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    handle = os.open(path_of(key), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        for piece in _pieces(upload):
            digest.update(piece)
            size += file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest(), size


def _pieces(upload: Any) -> Iterator[bytes]:
    while piece := upload.read(PIECE):
        yield piece


def drop(key: UUID) -> None:
    """Forget the bytes; nothing happens when they are gone."""
    path_of(key).unlink(missing_ok=True)


def strangers(known: set[str], before: datetime) -> list[Path]:
    """Files from before that moment which nobody waits for: left by an end that was cut short."""
    if not folder().is_dir():
        return []
    old = before.timestamp()
    return [path for path in folder().iterdir() if path.name not in known and path.stat().st_mtime < old]
