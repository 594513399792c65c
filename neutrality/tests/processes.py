"""Processes of their own on the database and the evidence of the test that starts them: to be killed, or to work."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection

PRELUDE = """
import os, sys
import django
django.setup()
from django.conf import settings
from django.db import connection
connection.settings_dict["NAME"] = {name!r}
settings.EVIDENCE_ROOT = {folder!r}
def halt(*_args, **_named):
    print("here", flush=True)
    sys.stdin.read()
"""


@contextmanager
def process(code: str, **environ: str) -> Iterator[Any]:
    """Python code run beside the test. `halt()` in it says "here" and waits. Whatever still runs at the end is killed,
    with all its children."""
    prelude = PRELUDE.format(name=connection.settings_dict["NAME"], folder=str(settings.EVIDENCE_ROOT))
    started = subprocess.Popen(
        [sys.executable, "-c", prelude + code],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings"} | environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield started
    finally:
        kill(started)
        started.stdin.close()  # type: ignore[union-attr]
        started.stdout.close()  # type: ignore[union-attr]


def kill(started: Any) -> None:
    """As the system kills: at once, whatever is under way."""
    if started.poll() is None:
        os.killpg(started.pid, 9)
    started.wait()
