"""python3 manage.py test: every test, on the server of DATABASE_URL or on the private PostgreSQL."""

import os
import signal
import subprocess
import sys

from portal.launch.ground import ROOT, forget_server_of_the_shell, leave, private, say
from portal.launch.postgres import PLAIN, Cluster

# What the shell may have set for a portal in service means nothing to a test.
OF_THE_SERVICE = {"PRODUCTION", "DEMO", "DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "EMAIL_URL", "MAIL_FROM"}
OF_THE_SERVICE |= {"EVIDENCE_ROOT", "DATABASE_POOL", "BROKER_FOLDER", "TRUSTED_PROXIES", "DJANGO_SETTINGS_MODULE"}
CHOOSES_PROCESSES = ("-n", "--numprocesses", "--pdb", "-x", "--dist", "--collect-only", "--co")


def test(arguments: list[str]) -> int:
    """Run pytest with ``arguments``; its exit code is ours."""
    environ = {name: value for name, value in os.environ.items() if name not in OF_THE_SERVICE}
    if environ.get("DATABASE_URL"):
        return pytest(arguments, environ)
    cluster = Cluster(private())
    signal.signal(signal.SIGTERM, leave)
    try:
        cluster.start()
        say("Tests run on the private PostgreSQL; DATABASE_URL names another server.")
        forget_server_of_the_shell()
        environ = {name: value for name, value in environ.items() if not name.startswith("PG")}
        return pytest(arguments, environ | {"DATABASE_URL": cluster.url(PLAIN)})
    finally:
        cluster.stop()


def pytest(arguments: list[str], environ: dict[str, str]) -> int:
    command = [sys.executable, "-m", "pytest", "--create-db", *processes(arguments), *arguments]
    child = subprocess.Popen(command, cwd=ROOT, env=environ)
    try:
        return child.wait()
    except KeyboardInterrupt:
        return child.wait()  # pytest got the same Ctrl-C and says what it did so far
    finally:
        if child.poll() is None:
            child.terminate()
            child.wait()


def processes(arguments: list[str]) -> list[str]:
    """All cores for the whole suite; one process where a single file is asked for or the caller chooses."""
    cores = min(os.cpu_count() or 1, 8)
    if cores < 2 or any(word.startswith(CHOOSES_PROCESSES) for word in arguments):
        return []
    single = any("::" in word or word.endswith(".py") for word in arguments)
    return [] if single else ["-n", str(cores), "--dist", "worksteal"]
