"""`manage.py serve` as a person uses it: a copy of the project in an empty folder, real processes, real signals."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

from portal.catalogues import ROOT
from portal.launch import postgres
from portal.launch import serve as launcher
from portal.launch.children import stop_all

PARTS = ("manage.py", "portal", "accounts", "neutrality", "templates", "static", "seeds", "requirements.txt")
QUIET = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ALLOWED_HOSTS", "DJANGO_SETTINGS_MODULE", "DEMO", "PRODUCTION")


pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def clone():
    """The project as a fresh clone, short of its tests' own folders."""
    folder = Path("/tmp") / f"qzserve{os.getpid()}"
    folder.mkdir(mode=0o755)
    for part in (*PARTS, "requirements-dev.txt"):
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
        else:
            shutil.copy(source, folder / part)
    yield folder
    postgres.halt(folder / ".private" / "postgres" / "data")
    shutil.rmtree(folder)


class Served:
    """A running `serve`; everything it printed so far."""

    def __init__(self, clone, *arguments):
        environ = {name: value for name, value in os.environ.items() if name not in QUIET}
        self.log = clone / "printed"
        with open(self.log, "w") as log:
            command = [sys.executable, "manage.py", "serve", *arguments]
            self.process = subprocess.Popen(command, cwd=clone, env=environ, stdout=log, stderr=subprocess.STDOUT)
        self.clone = clone

    def printed(self):
        return self.log.read_text()

    def wait_ready(self, seconds=240):
        end = time.monotonic() + seconds
        while not (found := re.search(r"ready after .* s:  (http://\S+/)", self.printed())):
            assert self.process.poll() is None, self.printed()
            assert time.monotonic() < end, self.printed()
            time.sleep(0.1)
        self.url = found.group(1)
        return self

    def get(self, path):
        try:
            with urlopen(self.url + path, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def family(self):
        """Numbers of all living processes whose command line names the clone."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes()
                here = (folder / "cwd").resolve() == self.clone or os.fsencode(self.clone) in words
            except OSError:
                continue
            if here and words:
                found.append((int(folder.name), words.replace(b"\0", b" ").decode()))
        return found

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(timeout=60)


@pytest.fixture
def serve(clone):
    started = []

    def start(*arguments):
        started.append(Served(clone, *arguments))
        return started[-1]

    yield start
    for served in started:
        if served.process.poll() is None:
            served.process.kill()
            served.process.wait()


def wait_until(true, seconds=30):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def worker_of(served):
    return [pid for pid, words in served.family() if "celery" in words]


def test_nobody_is_let_in_before_the_gate_is_open(tmp_path):
    """The web process loads while the tables are made; who calls meanwhile waits and is answered then."""
    held = socket.create_server(("127.0.0.1", 0))
    shut, gate = os.pipe()
    child = launcher.web(tmp_path, os.environ | {"PRODUCTION": "0", "ALLOWED_HOSTS": "127.0.0.1"}, held, shut)
    address = f"http://127.0.0.1:{held.getsockname()[1]}/healthz/live/"
    child.start()
    try:
        with pytest.raises(TimeoutError):
            urlopen(address, timeout=8)
        assert child.alive()
        os.close(gate)
        assert urlopen(address, timeout=60).status == 200
    finally:
        stop_all([child])
        held.close()
        os.close(shut)


def test_demonstration_is_served_and_stops_without_a_trace(serve):
    served = serve("127.0.0.1:0").wait_ready()
    assert served.get("healthz/")[0] == 200
    assert served.get("")[0] == 200
    assert served.get("demo/")[0] == 200
    assert json.loads(served.get("healthz/")[1])["checks"]["database"]["ok"] is True

    second = serve("127.0.0.1:0")
    assert second.process.wait(timeout=60) == 1
    assert f"served already at {served.url} (process {served.process.pid})" in second.printed()
    assert "Traceback" not in second.printed()
    assert served.get("healthz/live/")[0] == 200

    first_worker = worker_of(served)
    os.kill(min(first_worker), signal.SIGKILL)
    wait_until(lambda: worker_of(served) and not set(worker_of(served)) & set(first_worker))

    data = served.clone / ".private" / "postgres" / "data"
    os.kill(postgres.running(data).pid, signal.SIGKILL)
    wait_until(lambda: (found := postgres.running(data)) and found.ready)
    wait_until(lambda: served.get("healthz/")[0] == 200)

    environ = {name: value for name, value in os.environ.items() if name not in QUIET}
    command = [sys.executable, "manage.py", "verify"]
    done = subprocess.run(command, cwd=served.clone, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr

    assert served.stop() == 0
    wait_until(lambda: served.family() == [], 20)
    assert "Traceback" not in served.printed()


def test_empty_portal_has_no_door_to_the_demonstration(serve):
    served = serve("127.0.0.1:0", "--no-demo").wait_ready()
    assert served.get("demo/")[0] == 404
    assert served.stop(signal.SIGINT) == 0
    wait_until(lambda: served.family() == [], 20)


def test_killed_supervisor_leaves_neither_web_nor_worker_and_the_next_start_goes_on(serve):
    served = serve("127.0.0.1:0", "--no-demo").wait_ready()
    served.process.kill()
    served.process.wait()
    wait_until(lambda: not [words for _pid, words in served.family() if "gunicorn" in words or "celery" in words])
    with pytest.raises(URLError):
        urlopen(served.url, timeout=2)
    again = serve("127.0.0.1:0", "--no-demo").wait_ready()
    assert again.get("healthz/")[0] == 200
    assert again.stop() == 0
    wait_until(lambda: again.family() == [], 20)


@pytest.mark.parametrize("words", [["127.0.0.1:port"], ["8000", "8001"], ["--unknown"]])
def test_wrong_words_are_answered_with_the_right_ones(serve, words):
    served = serve(*words)
    assert served.process.wait(timeout=60) == 1
    assert "127.0.0.1:8000" in served.printed() or "Usage: python3 manage.py serve" in served.printed()
    assert "Traceback" not in served.printed()


def test_port_in_use_is_a_sentence_before_anything_is_prepared(serve):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        served = serve(f"127.0.0.1:{port}")
        assert served.process.wait(timeout=60) == 1
    assert f"Port {port} is in use" in served.printed()
    assert "Traceback" not in served.printed()


def test_demonstration_never_enters_a_database_of_real_people(serve):
    """serve on a private database where somebody real has logged in, made to look so by hand."""
    served = serve("127.0.0.1:0").wait_ready()
    environ = {name: value for name, value in os.environ.items() if name not in QUIET} | {"DEMO": "1"}
    code = """
from django.utils import timezone
from django.contrib.auth import get_user_model
get_user_model().objects.create_user("real@example.cn", last_login=timezone.now())
"""
    command = [sys.executable, "manage.py", "shell", "-c", code]
    assert subprocess.run(command, cwd=served.clone, env=environ, check=False).returncode == 0
    command = [sys.executable, "manage.py", "demo"]
    done = subprocess.run(command, cwd=served.clone, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Real people have accounts" in done.stderr
    assert served.stop() == 0


def test_server_that_does_not_answer_is_a_sentence(serve, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "QUIET", QUIET[1:])
    monkeypatch.setenv("DATABASE_URL", "postgres://nobody@127.0.0.1:9/none")
    served = serve("127.0.0.1:0")
    assert served.process.wait(timeout=60) == 1
    assert "DATABASE_URL does not answer" in served.printed()
    assert "Traceback" not in served.printed()
