"""F5: the private server is killed in mid-work again and again; what was acknowledged is there, once.

The control switches off what makes it so, and the same test must then report losses.
"""

import os
import shutil
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from portal.launch import postgres
from portal.launch.postgres import PLAIN, Cluster

KILLS = 4


@pytest.fixture
def cluster():
    folder = Path("/tmp") / f"qzkill{os.getpid()}"
    folder.mkdir(mode=0o711)
    folder.chmod(0o711)
    found = Cluster(folder)
    found.start()
    yield found
    found.stop()
    postgres.halt(found.home.folder / "data")
    shutil.rmtree(folder)


class Writer(threading.Thread):
    """Writes pairs, each under a key; after a lost connection the same key again; keeps what was acknowledged."""

    def __init__(self, url, name, synchronous):
        super().__init__()
        parts = urlsplit(url)
        self.where = {"host": parse_qs(parts.query)["host"][0], "user": parts.username, "dbname": parts.path[1:]}
        self.name_, self.synchronous = name, synchronous
        self.acknowledged: list[str] = []
        self.stopping = threading.Event()

    def run(self):
        number, connection = 0, None
        while not self.stopping.is_set():
            try:
                connection = connection or psycopg.connect(**self.where, port=5432, connect_timeout=5)
                self.write(connection, f"{self.name_}-{number}")
            except psycopg.Error:
                with suppress(psycopg.Error):
                    if connection:
                        connection.close()
                connection = None
                time.sleep(0.01)
                continue
            number += 1
        if connection:
            connection.close()

    def write(self, connection, key):
        connection.execute(f"SET LOCAL synchronous_commit = {self.synchronous}")
        connection.execute("INSERT INTO half VALUES (%s, 'left') ON CONFLICT DO NOTHING", [key])
        connection.execute("INSERT INTO half VALUES (%s, 'right') ON CONFLICT DO NOTHING", [key])
        connection.commit()
        self.acknowledged.append(key)


def storm(cluster, synchronous):
    """Kill the server while three writers write. Returns (acknowledged, lost, halves without partner)."""
    url = cluster.url(PLAIN)
    data = cluster.home.folder / "data"
    writers = [Writer(url, f"{synchronous}{number}", synchronous) for number in range(3)]
    with psycopg.connect(**writers[0].where, port=5432, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS half")
        connection.execute("CREATE TABLE half (key text, side text, UNIQUE (key, side))")
    for writer in writers:
        writer.start()
    try:
        for _kill in range(KILLS):
            time.sleep(0.35)
            os.kill(postgres.running(data).pid, signal.SIGKILL)
            wait_dead(data)
            cluster.watch()
    finally:
        for writer in writers:
            writer.stopping.set()
        for writer in writers:
            writer.join()
    with psycopg.connect(**writers[0].where, port=5432) as connection:
        rows = dict(connection.execute("SELECT key, count(*) FROM half GROUP BY key").fetchall())
    acknowledged = {key for writer in writers for key in writer.acknowledged}
    return len(acknowledged), len(acknowledged - set(rows)), sum(count != 2 for count in rows.values())


def wait_dead(data):
    """Until the killed server and every process it had are gone; they hold its memory."""
    end = time.monotonic() + 20
    while postgres.running(data) and time.monotonic() < end:
        for begun in postgres.BEGUN:
            begun.poll()
        time.sleep(0.02)
    time.sleep(0.1)


@pytest.mark.long
def test_nothing_acknowledged_is_lost_or_halved_by_kills(cluster):
    acknowledged, lost, halves = storm(cluster, "on")
    assert (lost, halves) == (0, 0)
    assert acknowledged > KILLS * 3
    acknowledged, lost, halves = storm(cluster, "off")
    assert lost > 0, "the control: with commits that do not wait, the same kills lose what was acknowledged"
    assert halves == 0
