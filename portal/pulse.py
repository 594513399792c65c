"""The pulse: a mark the worker sets once a minute. It proves scheduler, broker and worker together.

It lies where web and worker both reach it: in the shared cache, or in the folder of the file broker.
"""

import time
from pathlib import Path

from django.conf import settings
from django.core.cache import cache

KEY = "portal:pulse"


def mark() -> None:
    if settings.BROKER_FOLDER:
        _file().touch()
    else:
        cache.set(KEY, time.time(), timeout=24 * 3600)


def age_s() -> float | None:
    """Seconds since the last mark, None when there was none or the store cannot be asked."""
    try:
        marked = _file().stat().st_mtime if settings.BROKER_FOLDER else cache.get(KEY)
    except OSError:
        return None
    return None if marked is None else max(0.0, time.time() - marked)


def _file() -> Path:
    return Path(settings.BROKER_FOLDER) / "pulse"
