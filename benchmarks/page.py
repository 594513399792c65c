"""The public statement page through the whole server, beside a bare view that returns the same bytes."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.urls import reverse

from benchmarks.harness import ROUNDS, Peer, Report, rate, scratch
from neutrality.disclosure.tests.factories import make_statement

ROWS = 300
WARM_UP = 30


class Visitor:
    """One browser on one kept connection: asks for a page and reads all of it."""

    def __init__(self, port: int, address: str):
        self.port = port
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        lines = (f"GET {address} HTTP/1.1", "Host: localhost", "Accept-Language: en", "Connection: keep-alive", "", "")
        self.request = "\r\n".join(lines).encode()

    def get(self) -> bytes:
        self.socket.sendall(self.request)
        data = bytearray()
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = bytes(data).partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.splitlines()[0].decode())
        length = next(int(line[15:]) for line in head.splitlines() if line.lower().startswith(b"content-length:"))
        data = bytearray(body)
        while len(data) < length:
            data += self._more()
        return bytes(data)

    def _more(self) -> bytes:
        part = self.socket.recv(1 << 16)
        if not part:
            raise RuntimeError("the server closed the connection")
        return part

    def many(self, count: int) -> None:
        for _number in range(count):
            self.get()


@contextmanager
def served(application: str, environ: dict[str, str], address: str) -> Iterator[Visitor]:
    """gunicorn as `serve` runs it, one process of eight threads, on a port of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "python:portal.webserver", "--workers", "1"]
    command += ["--max-requests", "0", "--keep-alive", "75", "--bind", f"127.0.0.1:{port}", application]
    server = subprocess.Popen(command, cwd=settings.BASE_DIR, env=os.environ | environ, stderr=subprocess.DEVNULL)
    try:
        yield visit(port, address)
    finally:
        server.terminate()
        server.wait()


def visit(port: int, address: str) -> Visitor:
    end = time.monotonic() + 30
    while True:
        try:
            visitor = Visitor(port, address)
            visitor.many(WARM_UP)
            return visitor
        except ConnectionError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def database_url(name: str) -> str:
    """The server Django is connected to, with another database."""
    given = connection.settings_dict
    who = quote(given["USER"]) + (f":{quote(given['PASSWORD'])}" if given["PASSWORD"] else "")
    host = given["HOST"]
    if host.startswith("/"):
        return f"postgres://{who}@:{given['PORT'] or 5432}/{name}?host={quote(host)}"
    return f"postgres://{who}@{host or 'localhost'}:{given['PORT'] or 5432}/{name}"


def run(rows: int) -> Report:
    ours, limit = [], []
    with scratch("page") as name, tempfile.TemporaryDirectory() as folder:
        address = reverse("disclosure:statement", args=[make_statement().number])
        environ = {"PRODUCTION": "0", "DEMO": "0", "DATABASE_URL": database_url(name)}
        with served("portal.wsgi", environ, address) as portal:
            body = Path(folder) / "body"
            body.write_bytes(portal.get())
            with served("benchmarks.bare", environ | {"BENCH_BODY": str(body)}, address) as bare:
                for _round in range(ROUNDS):
                    ours.append(rate(partial(portal.many, rows), rows))
                    limit.append(rate(partial(bare.many, rows), rows))
        size = body.stat().st_size
    return Report(
        bench="page",
        question=f"{rows:,} readings of the statement page ({size:,} bytes), one after the other on one connection",
        unit="pages",
        rows=rows,
        ours=ours,
        limit=limit,
        limit_is="a bare Django view that returns the same bytes",
        # Measured beside an empty Django view on the same server, as a site of the same kind (Django, public page).
        peers=[Peer("pretix event page", 20, 4_699)],
        more={"bytes": size},
    )
