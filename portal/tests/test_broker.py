"""The file broker: whole messages, each taken once.

A process remembers bindings by queue name, so each test names its queue after its folder.
"""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from queue import Empty

import pytest
from kombu import Connection

from portal import broker, celery  # noqa: F401  (registers the transport)
from portal.catalogues import ROOT

SEND = """
import pathlib, sys
from kombu import Connection
from portal import broker, celery
with Connection("atomicfs://", transport_options=broker.options(sys.argv[1])) as connection:
    queue = connection.SimpleQueue(pathlib.Path(sys.argv[1]).name)
    for number in range(200):
        queue.put({"from": sys.argv[2], "number": number, "text": "碳" * 2000})
"""


def connect(folder):
    return Connection("atomicfs://", transport_options=broker.options(str(folder)))


def drain(folder):
    taken = []
    with connect(folder) as connection:
        queue = connection.SimpleQueue(folder.name)
        while True:
            try:
                message = queue.get(timeout=1)
            except Empty:
                return taken
            taken.append((message.payload["from"], message.payload["number"]))
            message.ack()


def test_messages_come_in_order_and_leave_nothing_behind(tmp_path):
    with connect(tmp_path) as connection:
        queue = connection.SimpleQueue(tmp_path.name)
        for number in range(3):
            queue.put({"from": "here", "number": number})
    assert drain(tmp_path) == [("here", 0), ("here", 1), ("here", 2)]
    assert list((tmp_path / "messages").iterdir()) == list((tmp_path / "taken").iterdir()) == []


def test_two_writers_and_three_readers_at_once_lose_and_double_nothing(tmp_path):
    writers = [subprocess.Popen([sys.executable, "-c", SEND, str(tmp_path), name], cwd=ROOT) for name in ("a", "b")]
    with ThreadPoolExecutor(3) as readers:
        taken = list(readers.map(drain, [tmp_path] * 3))
    assert [writer.wait() for writer in writers] == [0, 0]
    everything = sorted([*chain.from_iterable(taken), *drain(tmp_path)])
    assert everything == sorted((name, number) for name in ("a", "b") for number in range(200))


def test_half_written_message_is_invisible(tmp_path):
    with connect(tmp_path) as connection:
        connection.SimpleQueue(tmp_path.name).put({"from": "here", "number": 1})
        (tmp_path / "messages" / ".half").write_text("{")
    assert drain(tmp_path) == [("here", 1)]


@pytest.mark.parametrize("name", ["../escape", "a/b"])
def test_exchange_name_cannot_leave_the_folder(tmp_path, name):
    with connect(tmp_path) as connection, pytest.raises(Exception, match="exchange"):
        connection.default_channel.get_table(name)
