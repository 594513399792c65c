"""Which command is meant, and what it needs: the environment first, then a database, then the command itself."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from portal.launch import packages
from portal.launch.ground import ROOT, Trouble, fail, forget_server_of_the_shell, leave, private
from portal.launch.keeping import kept
from portal.launch.postgres import DEMONSTRATION, PLAIN, Cluster
from portal.launch.serve import serve
from portal.launch.suite import test

AGAIN = "QINGZHANG_STARTED_AGAIN"
WITHOUT_DATABASE = {"help", "version", "check", "collectstatic", "diffsettings", "makemessages", "compilemessages"}


def main(argv: list[str]) -> int:
    """Run the command in ``argv``; trouble is told in a sentence, and the exit code says whether all went well."""
    command = argv[1] if len(argv) > 1 else "help"
    try:
        enter(argv, packages.TESTING if command in ("test", "tool") else packages.SERVING)
        if command == "serve":
            return serve(argv[2:])
        if command == "test":
            return test(argv[2:])
        if command == "tool":
            return tool(argv[2:])
        with database(command):
            return django(argv)
    except Trouble as trouble:
        return fail(trouble)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


def enter(argv: list[str], lock: str) -> None:
    """Go on in the interpreter that has the packages, which may be this one."""
    python = packages.interpreter(ROOT, lock)
    if python == sys.executable:
        return
    if os.environ.get(AGAIN) == python:
        raise Trouble(
            "The environment in .venv lacks packages although it was just made. Remove .venv and run this again."
        )
    os.execve(python, [python, *argv], os.environ | {AGAIN: python})


@contextmanager
def database(command: str) -> Iterator[None]:
    """DATABASE_URL as it is, or the private server for the time of the command."""
    if os.environ.get("DATABASE_URL") or command in WITHOUT_DATABASE or command.startswith("-"):
        yield
        return
    cluster = Cluster(private())
    signal.signal(signal.SIGTERM, leave)
    try:
        cluster.start()
        forget_server_of_the_shell()
        chosen = last_served()
        os.environ["DATABASE_URL"] = cluster.url(chosen)
        for name, value in kept(private(), chosen).items():
            os.environ.setdefault(name, value)
        yield
    finally:
        cluster.stop()


def last_served() -> str:
    """The database of the demonstration with DEMO=1, else the one ``serve`` used last; the two are never one."""
    if os.environ.get("DEMO") == "1":
        return DEMONSTRATION
    try:
        name = (private() / "served").read_text(encoding="utf-8").strip()
    except OSError:
        return PLAIN
    return name if name in (PLAIN, DEMONSTRATION) else PLAIN


def tool(words: list[str]) -> int:
    """A program of the environment as a module: manage.py tool ruff check ."""
    if not words:
        raise Trouble("Which tool? For example: python3 manage.py tool ruff check .")
    return subprocess.run([sys.executable, "-m", *words], cwd=ROOT, check=False).returncode


def django(argv: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        execute_from_command_line(argv)
    except ImproperlyConfigured as error:
        raise Trouble(str(error)) from error
    except OperationalError as error:
        raise Trouble(f"The database does not answer: {str(error).strip()}") from error
    return 0
