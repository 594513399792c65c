"""What every step of a start shares: where things lie, how trouble is told, how two starts keep apart."""

import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent.parent


class Trouble(Exception):
    """A start that cannot go on; the words say what is the matter and what helps."""


def private(root: Path = ROOT) -> Path:
    """The folder of everything this machine keeps for itself; git ignores it. Others may pass, not look."""
    folder = root / ".private"
    try:
        folder.mkdir(exist_ok=True)
        folder.chmod(0o711)
    except OSError as error:
        raise Trouble(
            f"The folder {folder} cannot be made ({error.strerror}). Run from a folder you may write to."
        ) from error
    return folder


def say(words: str) -> None:
    """One line for the person at the terminal, at once."""
    print(words, flush=True)


def need_space(folder: Path, megabytes: int, purpose: str) -> None:
    """Raise Trouble unless ``megabytes`` are free where ``folder`` lies (or will lie)."""
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free // 1_000_000
    if free < megabytes:
        raise Trouble(
            f"The disk is full: {purpose} needs {megabytes} MB at {folder}, and {free} MB are free. "
            "Make room, then run the same command again."
        )


def take(path: Path, *, shared: bool = False, wait: bool = True) -> IO[str] | None:
    """An open file holding a lock on ``path``; None when another has it and ``wait`` is off.

    The lock ends with the process.
    """
    file = open(path, "a+", encoding="utf-8")  # noqa: SIM115 (the lock lives as long as the file)
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        file.close()
        return None
    return file


@contextmanager
def alone(path: Path, waiting: str) -> Iterator[None]:
    """Only one process at a time passes here; ``waiting`` is said when another is inside."""
    file = take(path, wait=False)
    if file is None:
        say(waiting)
        file = take(path)
    try:
        yield
    finally:
        if file:
            file.close()


def replace(path: Path, words: str, mode: int = 0o600) -> None:
    """Write a small file whole or not at all."""
    making = path.with_name(f".{path.name}.{os.getpid()}")
    making.write_text(words, encoding="utf-8")
    making.chmod(mode)
    os.replace(making, path)


def tail(path: Path, lines: int = 15) -> str:
    """The end of a log, for a person to read."""
    try:
        return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


def is_root() -> bool:
    return os.geteuid() == 0


def fail(trouble: Trouble) -> int:
    print(f"\n{trouble}", file=sys.stderr, flush=True)
    return 1


def leave(number: int, frame: Any) -> None:
    """A signal handler: end in order, so that what was started is stopped."""
    sys.exit(128 + number)


def forget_server_of_the_shell() -> None:
    """PGHOST and its like are meant for another server than the private one."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]
