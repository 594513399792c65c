"""The production store for real: shared limits, the pulse through a real broker, and a store that is silent or gone."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from uuid import uuid4

import pytest

from portal.catalogues import ROOT
from portal.tests.test_environment import GOOD

CACHE = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
django.setup()
from django.core.cache import cache
{}
"""


@pytest.fixture
def environ(redis_url):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "DATABASE_URL") if name in os.environ}
    return GOOD | kept | {"REDIS_URL": redis_url, "EVIDENCE_ROOT": "/tmp"}


def run(code, environ):
    return subprocess.run(
        [sys.executable, "-c", CACHE.format(code)], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )


def test_two_processes_share_what_they_count(environ):
    key = f"test:{uuid4().hex}"
    assert run(f"cache.add({key!r}, 0, 60); cache.incr({key!r})", environ).returncode == 0
    done = run(f"print(cache.incr({key!r})); cache.delete({key!r})", environ)
    assert done.stdout.strip() == "2", done.stderr


def test_silent_store_is_given_up_after_two_seconds(environ):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        begun = time.monotonic()
        done = run("cache.get('x')", environ | {"REDIS_URL": url})
    assert done.returncode != 0
    assert "TimeoutError" in done.stderr
    assert time.monotonic() - begun < 15


def test_worker_beats_through_a_real_broker(environ, tmp_path):
    """Scheduler, Redis, worker: the mark appears without anybody calling the task."""
    name = f"qz{uuid4().hex[:8]}"
    code = f"""
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
from portal.celery import app
app.conf.task_default_queue = {name!r}
app.conf.beat_schedule = {{"pulse": {{"task": "portal.tasks.pulse_due", "schedule": 0.5}}}}
from portal import pulse
pulse.KEY = {name!r}
schedule = {str(tmp_path / "schedule")!r}
app.worker_main(["worker", "--beat", "--pool", "solo", "--schedule", schedule, "--loglevel", "INFO"])
"""
    with open(tmp_path / "log", "w") as log:
        worker = subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, env=environ, stdout=log, stderr=log, start_new_session=True
        )
    try:
        end = time.monotonic() + 40
        marked = "None"
        while marked == "None" and time.monotonic() < end:
            marked = run(f"print(cache.get({name!r}))", environ).stdout.strip()
        assert float(marked) == pytest.approx(time.time(), abs=30), (tmp_path / "log").read_text()[-2000:]
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        run(f"cache.delete({name!r})", environ)


def test_production_log_line_of_a_worker_is_json(environ):
    done = run("import logging; logging.getLogger('celery.app.trace').info('done')", environ)
    assert json.loads(done.stderr.splitlines()[-1])["logger"] == "celery.app.trace"
