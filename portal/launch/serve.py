"""python3 manage.py serve: the whole portal on one machine, for trying it out and for small houses."""

import argparse
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Any, NoReturn
from urllib.error import URLError
from urllib.request import Request, urlopen

from portal.launch import address as addresses
from portal.launch.address import Address
from portal.launch.children import Child, stop_all
from portal.launch.ground import (
    ROOT,
    Trouble,
    forget_server_of_the_shell,
    need_space,
    private,
    replace,
    say,
    tail,
    take,
)
from portal.launch.keeping import kept, own, secret_key
from portal.launch.postgres import DEMONSTRATION, PLAIN, Cluster

READY_S = 60
SPACE_MB = 200


class Stopped(BaseException):
    """Ctrl-C, or a signal that asks this process to end."""


def stopped(number: int, frame: Any) -> NoReturn:
    raise Stopped


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Trouble(f"{message}. Usage: python3 manage.py serve [address:port] [--no-demo]")


def serve(arguments: list[str]) -> int:
    """Start everything, wait, stop everything. Returns when asked to stop."""
    parser = Parser(prog="manage.py serve", description="Serve the portal on this machine.")
    parser.add_argument("address", nargs="?", default=addresses.DEFAULT, help="address:port, as runserver takes it")
    parser.add_argument("--no-demo", action="store_true", help="start empty, without the demonstration")
    chosen = parser.parse_args(arguments)
    begun, folder = time.monotonic(), private()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stopped)
    children: list[Child] = []
    cluster: Cluster | None = None
    ready = False
    try:
        only = only_one(folder)
        held, address = addresses.hold(addresses.read(chosen.address))
        note(only, address)
        need_space(folder, SPACE_MB, "the portal")
        if not os.environ.get("DATABASE_URL"):
            cluster = Cluster(folder)
            cluster.start()
        environ = environment(folder, address, cluster, demo=not chosen.no_demo)
        compile_catalogues()
        shut, gate = os.pipe()  # the web process loads meanwhile and lets nobody in before the other end is closed
        children.append(web(folder, environ, held, shut))
        children[0].start()
        prepare(folder, environ, cluster)
        os.close(gate)
        wait_for(children[0], address)
        children.append(worker(folder, environ))  # afterwards: on few cores the page comes sooner
        children[1].start()
        ready = True
        greet(address, environ.get("EMAIL_URL", ""), demo=not chosen.no_demo, seconds=time.monotonic() - begun)
        while True:
            if cluster:
                cluster.watch()
            for child in children:
                child.watch()
            time.sleep(0.2)
    except Stopped:
        return 0
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if ready:
            say("\nStopping ...")
        stop_all(children)
        if cluster:
            cluster.stop()


def only_one(folder: Path) -> IO[str]:
    """The lock of the serving process; Trouble names the other one when there is."""
    lock = take(folder / "serve.lock", wait=False)
    if lock:
        return lock
    words = (folder / "serve.lock").read_text(encoding="utf-8").split()
    where = f" at {words[1]} (process {words[0]})" if len(words) == 2 else ""
    raise Trouble(
        f"This portal is being served already{where}. Open it there, or stop it first: Ctrl-C in its window"
        + (f", or kill {words[0]}." if len(words) == 2 else ".")
    )


def note(lock: IO[str], address: Address) -> None:
    lock.seek(0)
    lock.truncate()
    lock.write(f"{os.getpid()} {address.url()}\n")
    lock.flush()


def environment(folder: Path, address: Address, cluster: Cluster | None, *, demo: bool) -> dict[str, str]:
    """What the children see. The demonstration has a database, evidence and letters of its own."""
    forget_server_of_the_shell()
    environ = dict(os.environ)
    kind = DEMONSTRATION if demo else PLAIN
    if cluster:
        replace(folder / "served", kind)
        environ["DATABASE_URL"] = cluster.url(kind)
        environ = kept(folder, kind) | environ
    environ |= {"PRODUCTION": "0", "DEMO": "1" if demo else "0", "PYTHONUNBUFFERED": "1"}
    environ.setdefault("SECRET_KEY", secret_key(folder))
    environ.setdefault("ALLOWED_HOSTS", ",".join(hosts(address)))
    if not environ.get("REDIS_URL"):
        environ["BROKER_FOLDER"] = own(folder / kind / "broker")
        (folder / kind / "broker" / "pulse").unlink(missing_ok=True)  # the one of last time proves nothing
    return environ


def hosts(address: Address) -> list[str]:
    """Names this machine is called by; all of its own when it is served on every address."""
    names = ["localhost", "127.0.0.1", "[::1]"]
    if not address.everywhere:
        names.append(f"[{address.host}]" if ":" in address.host else address.host)
        return list(dict.fromkeys(names))
    names += [socket.gethostname(), socket.getfqdn()]
    try:
        found = socket.getaddrinfo(socket.gethostname(), None, type=socket.SOCK_STREAM)
    except OSError:
        found = []
    names += [f"[{info[4][0]}]" if ":" in str(info[4][0]) else str(info[4][0]) for info in found]
    return list(dict.fromkeys(names))


def compile_catalogues() -> None:
    """Before any process is there to load them."""
    from portal import catalogues  # polib is there once the environment is

    catalogues.compile_all()


def prepare(folder: Path, environ: dict[str, str], cluster: Cluster | None) -> None:
    """Tables, catalogues, seeds, demonstration: one command in a process of its own.

    Left out on a private server that was prepared from the very same files; any edited file asks for it again.
    """
    memory = folder / (DEMONSTRATION if environ["DEMO"] == "1" else PLAIN) / "prepared"
    if cluster and memory.exists() and memory.read_text(encoding="utf-8") == state(cluster):
        return
    run_prepare(environ)
    if cluster:
        own(memory.parent)
        replace(memory, state(cluster))


def state(cluster: Cluster) -> str:
    """One digest of names, sizes and times of all the portal's files, and of the data folder they were loaded into."""
    total = hashlib.sha256(cluster.identity().encode())
    for top in ("portal", "accounts", "neutrality", "seeds"):
        for folder, inner, names in os.walk(ROOT / top):
            inner[:] = sorted(name for name in inner if name not in ("__pycache__", "tests"))
            for name in sorted(names):
                found = os.stat(os.path.join(folder, name))
                total.update(f"{folder}/{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return total.hexdigest()


def run_prepare(environ: dict[str, str]) -> None:
    command = [sys.executable, str(ROOT / "manage.py"), "prepare"]
    child = subprocess.Popen(command, cwd=ROOT, env=environ, start_new_session=True)
    try:
        code = child.wait()
    except Stopped:
        child.terminate()
        child.wait()
        raise
    if code:
        raise Trouble("The portal could not be prepared; the lines above say why. Mend that, then run this again.")


def web(folder: Path, environ: dict[str, str], held: socket.socket, shut: int) -> Child:
    command = [sys.executable, "-m", "gunicorn", "--config", "python:portal.webserver", "--workers", "1"]
    command += ["--threads", "8", "--bind", f"fd://{held.fileno()}", "portal.wsgi"]
    environ = environ | {"QINGZHANG_GATE": str(shut)}
    return Child("web", command, environ, ROOT, logs(folder) / "web.log", (held.fileno(), shut))


def worker(folder: Path, environ: dict[str, str]) -> Child:
    command = [sys.executable, "-m", "celery", "--app", "portal", "--quiet", "worker", "--beat", "--pool", "threads"]
    command += ["--concurrency", "2", "--loglevel", "INFO", "--schedule", str(logs(folder) / "schedule")]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return Child("worker", command, environ, ROOT, logs(folder) / "worker.log")


def logs(folder: Path) -> Path:
    return Path(own(folder / "log"))


def wait_for(child: Child, address: Address) -> None:
    """Until the web process answers; what it said last when it does not."""
    request = Request(f"{address.url()}healthz/live/", headers={"Host": "localhost"})  # noqa: S310 (our own address)
    end = time.monotonic() + READY_S
    while time.monotonic() < end:
        if not child.alive():
            raise Trouble(f"The web process ended at once. Its last words:\n{tail(child.log)}")
        try:
            with urlopen(request, timeout=2):  # noqa: S310
                return
        except (URLError, OSError):
            time.sleep(0.05)
    raise Trouble(f"The web process did not answer within {READY_S} s. Its last words:\n{tail(child.log)}")


def greet(address: Address, letters: str, *, demo: bool, seconds: float) -> None:
    say(f"\n青账 Qingzhang is ready after {seconds:.1f} s:  {address.url()}")
    if demo:
        say(f"  Demonstration: enter as any of its people at {address.url()}demo/ (--no-demo starts empty)")
    if letters.startswith("file://"):
        say(f"  Letters it sends are kept in {letters.removeprefix('file://')}")
    say("  Stop it with Ctrl-C.")
