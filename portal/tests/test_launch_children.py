"""The supervisor: whole families start, restart and stop together."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portal.catalogues import ROOT
from portal.launch.children import Child, stop_all

FAMILY = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open(sys.argv[1], "a").write(f"{os.getpid()} {child.pid}\\n")
try:
    child.wait()
finally:
    child.kill()
"""
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"


def alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def wait_until(true, seconds=15):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def family(tmp_path):
    """A process with a child of its own, and a file that lists their numbers."""
    child = Child(
        "family", [sys.executable, "-c", FAMILY, str(tmp_path / "pids")], os.environ, tmp_path, tmp_path / "log"
    )
    yield child
    child.kill()


def pids(child):
    path = child.folder / "pids"
    lines = path.read_text().splitlines() if path.exists() else []
    return [[int(word) for word in line.split()] for line in lines if len(line.split()) == 2]


def test_killed_worker_is_restarted_after_its_orphans_are_gone(family):
    family.start()
    wait_until(lambda: pids(family))
    parent, orphan = pids(family)[0]
    os.kill(parent, signal.SIGKILL)
    wait_until(lambda: not family.alive())
    assert alive(orphan)
    family.watch()
    wait_until(lambda: not alive(orphan))
    family.again_at = time.monotonic()
    family.watch()
    wait_until(lambda: len(pids(family)) == 2)
    assert family.alive()


def test_quick_deaths_wait_longer_each_time(family):
    pauses = []
    for _ in range(3):
        family.start()
        os.killpg(family.process.pid, signal.SIGKILL)
        wait_until(lambda: not family.alive())
        family.watch()
        pauses.append(family.pause_s)
    assert pauses == [2.0, 4.0, 8.0]


def test_deaf_process_is_killed_after_the_grace(tmp_path):
    deaf = Child("deaf", [sys.executable, "-c", DEAF], os.environ, tmp_path, tmp_path / "log")
    deaf.start()
    wait_until(lambda: "deaf" in (tmp_path / "log").read_text())
    begun = time.monotonic()
    stop_all([deaf], grace_s=0.5)
    assert not deaf.alive()
    assert 0.4 < time.monotonic() - begun < 5


def test_stop_touches_nothing_else(family):
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    try:
        family.start()
        wait_until(lambda: pids(family))
        stop_all([family])
        wait_until(lambda: not any(alive(pid) for pid in pids(family)[0]))
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="left out: Linux kernel")
def test_children_end_when_the_supervisor_itself_is_killed(tmp_path):
    code = f"""
import os, sys, time
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from portal.launch.children import Child
folder = Path({str(tmp_path)!r})
sleeper = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
Child("x", [sys.executable, "-c", sleeper], os.environ, folder, folder / "log").start()
time.sleep(600)
"""
    supervisor = subprocess.Popen([sys.executable, "-c", code])
    wait_until(lambda: (tmp_path / "log").exists() and (tmp_path / "log").read_text().strip())
    child = int((tmp_path / "log").read_text())
    supervisor.kill()
    supervisor.wait()
    wait_until(lambda: not alive(child))
