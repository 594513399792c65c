"""The environment in .venv: made whole from the hash-pinned lock, or not at all.

It grows in .venv.making and takes its place by a rename; a stamp names the lock and the Python it was made from. An
interpreter that has the packages already (a virtual environment of one's own, a container image) is used as it is.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from importlib import import_module, metadata
from pathlib import Path

from portal.launch.ground import Trouble, alone, need_space, private, replace, say, tail

SERVING, TESTING = "requirements.txt", "requirements-dev.txt"
SPACE_MB = {SERVING: 700, TESTING: 1200}
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==", re.MULTILINE)
OLDEST = (3, 11)
MOST_INSTALLERS = 4

FAULTS = (
    ("No space left on device", "The disk became full while packages were installed. Make room, then run this again."),
    (
        "DO NOT MATCH THE HASHES",
        "A downloaded package is not the one the lock names, so nothing was installed. "
        "Check the package index or the proxy between; do not go on with other packages.",
    ),
    (
        r"Failed to establish|NewConnectionError|NameResolution|name resolution|ConnectTimeout|ReadTimeout|ProxyError"
        r"|Network is unreachable|Connection refused|HTTP error 403",
        "The packages could not be downloaded: the package index does not answer. "
        "Connect this machine to the network (or point pip at a mirror with PIP_INDEX_URL), then run this again.",
    ),
    (
        "No matching distribution|from versions: none",
        "The package index does not have a package of the lock for this machine and Python. "
        "Python 3.11 on Linux (x86_64, aarch64) or macOS is what the lock was made for.",
    ),
)


def pinned(lock: Path) -> set[str]:
    """Names of the packages a lock names."""
    return {canonical(name) for name in PINNED.findall(lock.read_text(encoding="utf-8"))}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def lacking(lock: Path, path: list[str] | None = None) -> set[str]:
    """Packages of the lock that are not installed: in this interpreter, or in the folders of ``path``."""
    found = metadata.distributions(path=path) if path else metadata.distributions()
    return pinned(lock) - {canonical(name) for one in found if (name := one.metadata["Name"])}


def interpreter(root: Path, lock_name: str) -> str:
    """The Python to run with: this one when it has everything the lock names, otherwise that of .venv."""
    lock = root / lock_name
    if not lacking(lock):
        return sys.executable
    python = root / ".venv" / "bin" / "python"
    if not ready(root, lock_name):
        need_parts()
        with alone(private(root) / "environment.lock", "Another start is making the environment; waiting for it."):
            if not ready(root, lock_name):
                make(root, lock_name)
    return str(python)


def ready(root: Path, lock_name: str) -> bool:
    """Whether .venv stands, was made from the present lock (or from the larger one), and lacks nothing."""
    home = root / ".venv"
    if not (home / "bin" / "python").exists():
        return False
    packages = [str(folder) for folder in home.glob("lib/python3.*/site-packages")]
    if not packages or lacking(root / lock_name, packages):
        return False
    try:
        stamp = (home / "stamp").read_text(encoding="utf-8").split()
    except OSError:
        return True  # somebody's own, and complete
    return digest(root / lock_name) in stamp or (lock_name == SERVING and digest(root / TESTING) in stamp)


def digest(lock: Path) -> str:
    """What an environment is made from: the lock's bytes and the Python."""
    python = f"{sys.implementation.name}-{sys.version_info[0]}.{sys.version_info[1]}"
    return hashlib.sha256(lock.read_bytes() + python.encode()).hexdigest()


def need_parts() -> None:
    """Raise Trouble when this Python cannot make a virtual environment."""
    if sys.version_info < OLDEST:
        raise Trouble(f"Python 3.11 or newer is needed; this one is {sys.version.split()[0]}. Try python3.11.")
    try:
        import_module("ensurepip")
        import_module("venv")
    except ImportError as error:
        raise Trouble(
            f"This Python cannot make a virtual environment: its module {error.name or 'venv'} is missing. "
            "On Debian or Ubuntu: apt install python3-venv. Then run the same command again."
        ) from error


def make(root: Path, lock_name: str) -> None:
    """Build .venv from the lock. Whatever stood there before is gone only when the new one is complete."""
    need_space(root, SPACE_MB[lock_name], "the environment")
    making, home, begun = root / ".venv.making", root / ".venv", time.monotonic()
    clear(making)
    say(f"Making the environment in .venv: {len(pinned(root / lock_name))} packages, each checked by its hash ...")
    log = private(root) / "environment.log"
    try:
        run([[sys.executable, "-m", "venv", str(making)]], log)
        install(root / lock_name, making, log)
        replace(making / "stamp", digest(root / lock_name) + "\n")
        retell(making, home)
        move(making, home, root / ".venv.old")
    except OSError as error:
        raise Trouble(f"The environment could not be made: {error.strerror} ({error.filename}).") from error
    say(f"  done in {time.monotonic() - begun:.0f} s")


def install(lock: Path, making: Path, log: Path) -> None:
    """Everything the lock names, a part of it on each core: an installer looks through every file of the index that
    ever bore a package's name, and unpacks half a gigabyte, on one core only."""
    pip = [str(making / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
    # Byte code is made by whoever imports first: a third of the time for modules nobody may ever load. The lock is
    # whole, so no part looks for what its packages need.
    pip += ["--quiet", "--no-compile", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
    commands = []
    for number, words in enumerate(shared(lock.read_text(encoding="utf-8"), min(cores(), MOST_INSTALLERS)), start=1):
        part = making / f"part-{number}.txt"
        part.write_text(words, encoding="utf-8")
        commands.append([*pip, "-r", str(part)])
    run(commands, log)


def shared(lock: str, parts: int) -> list[str]:
    """The lock's packages with their hashes, dealt out to so many files, none of them empty; a package with more hashes
    comes in more builds, which are all looked through."""
    packages = re.findall(r"^[^\s#].*\n(?:[ \t].*\n)*", lock + "\n", re.MULTILINE)
    dealt = [""] * min(parts, len(packages))
    for package in sorted(packages, key=hashes, reverse=True):
        least = min(range(len(dealt)), key=lambda part: hashes(dealt[part]))
        dealt[least] += package
    return dealt


def hashes(lock: str) -> int:
    return lock.count("--hash=")


def cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(commands: list[list[str]], log: Path) -> None:
    """Run all at once, each with a log of its own, to the end or to the first that fails."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environ.update(PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0", PYTHONNOUSERSITE="1", LC_ALL="C.UTF-8")
    running: list[tuple[subprocess.Popen[bytes], Path]] = []
    try:
        for number, command in enumerate(commands):
            told = log.with_stem(f"{log.stem}-{number + 1}") if number else log
            with open(told, "w", encoding="utf-8") as file:
                process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, env=environ)
            running.append((process, told))
        for process, told in running:
            if process.wait():
                raise Trouble(explain(tail(told, 60), told))
    finally:
        for process, _told in running:
            if process.poll() is None:
                process.kill()
                process.wait()


def explain(output: str, log: Path) -> str:
    """A sentence for what pip or venv said; its own last lines when it is nothing known."""
    for pattern, sentence in FAULTS:
        if re.search(pattern, output):
            return sentence
    last = "\n".join(f"    {line}" for line in output.splitlines()[-5:])
    return f"The environment could not be made. The installer's last words (all of them in {log}):\n{last}"


def retell(making: Path, home: Path) -> None:
    """Scripts of an environment carry its path; tell them the path it is about to have."""
    before, after = os.fsencode(making), os.fsencode(home)
    for script in (making / "bin").iterdir():
        if script.is_symlink() or not script.is_file():
            continue
        content = script.read_bytes()
        if before in content:
            script.write_bytes(content.replace(before, after))


def move(making: Path, home: Path, old: Path) -> None:
    clear(old)
    if home.exists() or home.is_symlink():
        os.rename(home, old)
    os.rename(making, home)
    clear(old)


def clear(folder: Path) -> None:
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)
