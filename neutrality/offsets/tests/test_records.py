"""Lines cut into records: many at once and one by one say the same, wherever a file is cut into blocks."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neutrality.offsets import records

WIDTH = 3
TEXT = st.text('aé林",, \n\r\x00\ufffd', max_size=6)
ROWS = st.lists(st.lists(TEXT, min_size=WIDTH, max_size=WIDTH), max_size=12)


def cut(text):
    """Every record: number, line, cells to the width of the table, or its text where it has none."""
    found = []
    for block in records.blocks(io.StringIO(text, newline=""), ",", WIDTH):
        cells = map(list, block.cells.rows())
        found += zip(block.numbers.tolist(), block.at_lines.tolist(), cells, strict=True)
        for number, line, odd, raw in block.odd:
            found.append((number, line, raw if odd is None else odd + [""] * (WIDTH - len(odd))))
    return sorted(found, key=lambda record: record[0])


def alone(text, monkeypatch):
    """The same, every line by the standard reader."""
    with monkeypatch.context() as slow:
        slow.setattr(records, "_plain", lambda texts, _separator, _width: np.zeros(len(texts), dtype=bool))
        return cut(text)


@st.composite
def tables(draw):
    """Rows as a writer would print them, spoilt here and there."""
    stream = io.StringIO(newline="")
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    csv.writer(stream, lineterminator=end, quoting=quoting).writerows(draw(ROWS))
    text = stream.getvalue()
    for _spoil in range(draw(st.integers(0, 2))):
        place = draw(st.integers(0, len(text)))
        text = text[:place] + draw(st.sampled_from(['"', ",", "\n", "a"])) + text[place:]
    return text


@settings(max_examples=300, deadline=None)
@given(text=tables(), size=st.sampled_from([1, 7, 40, 1 << 20]))
def test_both_readers_cut_alike(text, size):
    with pytest.MonkeyPatch.context() as small:
        small.setattr(records, "TOGETHER", size)
        assert cut(text) == alone(text, small)


@settings(max_examples=300, deadline=None)
@given(text=tables(), size=st.sampled_from([1, 7, 40, 1 << 20]), dice=st.randoms(use_true_random=False))
def test_records_are_found_again_by_their_lines(text, size, dice):
    """Those that could be told apart; of a record without cells the line is named, and none are given."""
    with pytest.MonkeyPatch.context() as small:
        small.setattr(records, "TOGETHER", size)
        asked = dice.sample(found := cut(text), dice.randint(0, len(found)))
        again = records.beginning(io.StringIO(text, newline=""), ",", WIDTH, [line for _number, line, _cells in asked])
        wanted = {line: None if isinstance(cells, str) else cells for _number, line, cells in asked}
        filled = {line: None if cells is None else cells + [""] * (WIDTH - len(cells)) for line, cells in again}
        assert filled == wanted


@settings(max_examples=100, deadline=None)
@given(ROWS.filter(lambda rows: all(any(row) for row in rows)))
def test_what_a_writer_wrote_is_read_back(rows):
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    assert [cells for _number, _line, cells in cut(stream.getvalue())] == rows


def test_most_rows_are_cut_together():
    """Control of the two above: they would hold, too, if every line went the slow way."""
    text = 'a,b,"1,000"\n' * 50 + 'a,5" pipe,c\n' + 'a,"b\nc",d\n' + "a,b,c\n" * 50
    (block,) = [each for each in records.blocks(io.StringIO(text, newline=""), ",", WIDTH) if len(each.numbers)]
    assert (len(block.cells), [odd[:2] for odd in block.odd]) == (100, [(51, 51), (52, 52)])
    assert (block.numbers[-1], block.at_lines[-1]) == (102, 103)


def test_a_quote_that_never_closes_costs_its_line():
    text = "\n".join(["a,b,c", '"x,y,z', *["a,b,c"] * (records.MOST_LINES + 100)]) + "\n"
    found = cut(text)
    assert found[1] == (2, 2, '"x,y,z\n')
    assert len(found) == records.MOST_LINES + 102
