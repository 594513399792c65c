"""Readers of uploads answer or refuse in words, whatever the bytes; inputs that once broke one stay here."""

import random
import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from neutrality.inventory import tables
from neutrality.inventory.tests import readers

SIGNS = [b",", b"\n", b'"', b"\x00", b"\xff", b"<c r=", b"</row>", b"1e400", "４".encode(), b"[" * 400, b"\\ud800"]
# Found by machine; each broke the reader it is named for.
NO_DIRECTORY = b"PK\x03\x04PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 1, 1, 60, 0, 0)  # it would begin before the file
LAST_CELL = b'<c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c>'
FAR_CELL = b'<worksheet><sheetData><row r="1"><c r="A1"/></row><row>' + LAST_CELL + b"</row>"
FOUND = [
    ("dossier", b"[" * 5000),
    ("dossier", readers.beginnings("dossier")[0].replace(b'"version":1', b'"vers":1')),
    ("xlsx_grid", NO_DIRECTORY),
    ("xlsx_list", NO_DIRECTORY),
    ("xlsx_grid", FAR_CELL),  # a range from here to there is 61 GB: the child aborts, nobody else
    ("xlsx_list", FAR_CELL),
]


def spoilt(data, seed):
    """`data` with some bytes changed, cut, doubled or put in."""
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 6)):
        at, length = chance.randrange(len(data) + 1), chance.randint(0, 40)
        piece = chance.choice(
            [bytes(chance.randrange(256) for _ in range(3)), chance.choice(SIGNS), data[at : at + length] * 2, b""]
        )
        data = data[:at] + piece + data[at + chance.choice([0, 1, length]) :]
    return data


@pytest.mark.parametrize("name", readers.READERS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), raw=st.none() | st.binary(max_size=300))
def test_a_reader_answers_or_refuses(name, seed, raw):
    begun = readers.beginnings(name)
    readers.taken(name, raw if raw is not None else spoilt(begun[seed % len(begun)], seed))


@pytest.mark.parametrize(("name", "data"), FOUND)
def test_what_once_broke_a_reader(name, data):
    readers.taken(name, data)


@pytest.mark.parametrize("name", ["csv_grid", "csv_list", "xlsx_grid", "xlsx_list", "pasted"])
def test_the_beginnings_are_read(name):
    """Else nothing behind the first check would ever be reached."""
    assert any(readers.taken(name, data) for data in readers.beginnings(name)) or name.startswith("xlsx")


def test_the_harness_notices_what_is_no_refusal(monkeypatch):
    """The control."""

    def broken(data):
        raise KeyError(data)

    monkeypatch.setitem(readers.READERS, "broken", broken)
    with pytest.raises(KeyError):
        readers.taken("broken", b"x")
    monkeypatch.setitem(readers.READERS, "silent", lambda data: (_ for _ in ()).throw(tables.NotRead("x", "")))
    with pytest.raises(AssertionError):
        readers.taken("silent", b"x")
