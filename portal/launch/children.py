"""Processes this one looks after: started in sessions of their own, restarted when they die, stopped as a whole."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from portal.launch.ground import say

GRACE_S = 8.0
QUICK_S, LONGEST_PAUSE_S = 10.0, 30.0
PR_SET_PDEATHSIG = 1
LARGEST_LOG = 5_000_000


@dataclass
class Child:
    """A process to keep alive. ``group`` outlives the process itself when its own children do."""

    name: str
    command: list[str]
    environ: Mapping[str, str]
    folder: Path
    log: Path
    descriptors: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause_s: float = 1.0
    again_at: float = field(default=0.0)

    def start(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.unlink()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env=dict(self.environ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=self.descriptors,
                preexec_fn=_die_with_parent,
            )
        self.started, self.again_at = time.monotonic(), 0.0

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def watch(self) -> None:
        """Start a dead child again: what is left of its group goes first, and quick deaths wait longer each time."""
        if self.alive():
            return
        now = time.monotonic()
        if not self.again_at:
            self.kill()
            lived = now - self.started
            self.pause_s = 1.0 if lived > QUICK_S else min(self.pause_s * 2, LONGEST_PAUSE_S)
            self.again_at = now + self.pause_s
            say(f"The {self.name} process ended; it starts again in {self.pause_s:.0f} s. Its log: {self.log}")
        elif now >= self.again_at:
            self.start()

    def ask(self) -> None:
        """TERM to the main process only: it ends its own children in order."""
        if self.process and self.alive():
            self.process.terminate()

    def kill(self) -> None:
        """KILL to the whole group, orphans included."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def stop_all(children: list[Child], grace_s: float = GRACE_S) -> None:
    """Ask all at once, give them time, then make sure."""
    for child in children:
        child.ask()
    end = time.monotonic() + grace_s
    while time.monotonic() < end and any(child.alive() for child in children):
        time.sleep(0.05)
    for child in children:
        child.kill()


def _prepare() -> Callable[[], None]:
    """On Linux the kernel tells a child when its parent is gone, even by KILL; elsewhere nothing is done."""
    if not sys.platform.startswith("linux"):
        return lambda: None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


_die_with_parent = _prepare()
