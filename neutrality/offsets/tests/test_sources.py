"""What rows tell of crediting period, verifier and labels, and which of several sources stands. Pure."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neutrality.offsets.rules import sources
from neutrality.offsets.rules.cells import heading
from neutrality.offsets.rules.details import LONGEST_LABELS, Details, joined, parted, searched
from neutrality.offsets.rules.published import NOTHING, Told
from neutrality.offsets.rules.sources import Note, Rank, grown, in_force, stated

WINDOW = (date(2021, 1, 1), date(2030, 12, 31))

PERIOD = Details(
    ("Start",), ("End",), "Period", ("Verifier",), ("Labels",), flags=(("CCP", "CCP Approved"),), goals="SDG"
)


def told(**cells):
    return PERIOD.read({heading(column): text for column, text in cells.items()})


def test_a_row_tells_its_period_verifier_and_labels_and_a_blank_tells_nothing():
    cells = {"Start": "1/2/2021", "End": "2030-12-31T00:00:00", "Verifier": " <b>TÜV</b> ", "CCP": "Yes"}
    cells |= {"Labels": "CORSIA - First Phase, 2024-2026 Scope; CCB", "SDG": "09: Industry, Innovation;13: Climate"}
    labels = ("CORSIA - First Phase, 2024-2026 Scope", "CCB", "CCP Approved", "SDG 9", "SDG 13")
    assert told(**cells) == (Told(date(2021, 1, 2), date(2030, 12, 31), "TÜV", labels), ())
    assert told() == (NOTHING, ())
    assert told(Start="n/a", End="-", Verifier="None", CCP="No", Labels="None", SDG="[]") == (NOTHING, ())
    assert told(CCP="from 2025 on")[0].labels == ("CCP Approved: from 2025 on",)
    assert told(Start="2021-01-01")[0] == Told(date(2021, 1, 1))


PERIODS = [
    ({"Start": "soon", "End": "2030-12-31"}, "window_day", Told(None, WINDOW[1])),
    ({"Start": "2021-02-30", "End": ""}, "window_day", NOTHING),
    ({"Start": "2031-01-01", "End": "2030-12-31"}, "window_reversed", NOTHING),
    ({"Start": "2011-01-01; 2021-01-01", "End": "2030-12-31"}, "window_several", NOTHING),
    ({"Period": "2011-01-01 – 2020-12-31, 2021-01-01 – 2030-12-31"}, "window_several", NOTHING),
    ({"Period": "2021-01-01"}, "window_day", NOTHING),
    ({"Period": "2030-12-31至2021-01-01"}, "window_reversed", NOTHING),
]


@pytest.mark.parametrize(("cells", "code", "stands"), PERIODS)
def test_what_is_no_period_is_a_flaw_and_the_rest_of_the_row_stands(cells, code, stands):
    said, (flaw,) = told(**cells, Verifier="TÜV", Labels="CCB")
    assert flaw.code == code
    assert (said.crediting_start, said.crediting_end) == (stands.crediting_start, stands.crediting_end)
    assert (said.verifier, said.labels) == ("TÜV", ("CCB",))


@pytest.mark.parametrize("text", ["2021-01-01 – 2030-12-31", "2021年1月1日至2030年12月31日", "1/1/2021-12/31/2030"])
def test_a_period_in_one_cell(text):
    assert told(Period=text) == (Told(*WINDOW), ())


def test_labels_keep_whole_and_are_searched_by_what_tells_projects_apart():
    many = [f"{number}{'x' * 90}" for number in range(9)]
    assert parted(joined(many)) == tuple(many[:6])
    assert len(joined(many)) <= LONGEST_LABELS
    assert searched("CORSIA; SDG 13; Emission Reduction; ICVCM CCP") == ("CORSIA", "ICVCM CCP")


def said(start=None, end=None, verifier="", labels=()):
    days = (date(year, 1, 1) if year else None for year in (start, end))
    return Told(*days, verifier, labels)


def test_the_registrys_table_stands_before_the_desk_and_the_desk_before_the_rest():
    table, desk = said(2021, 2030, "", ("CCB",)), said(2011, 2020, "TÜV", ("ccb", "CORSIA"))
    late, other = said(verifier="SGS"), said(2000, 2050, "X")
    rows = [(Rank.COLLECTED, 9, other), (Rank.UNITS, 9, late), (Rank.DESK, 0, desk), (Rank.TABLE, 1, table)]
    assert in_force(rows) == said(2021, 2030, "TÜV", ("CCB", "CORSIA"))
    assert in_force(rows[:3]) == said(2011, 2020, "TÜV", ("ccb", "CORSIA"))
    assert in_force(rows[:2]) == said(2000, 2050, "SGS")
    assert in_force([]) == NOTHING


def test_an_end_nobody_stated_is_filled_only_where_it_fits():
    start = (Rank.TABLE, 1, said(2021))
    assert in_force([start, (Rank.DESK, 0, said(2015, 2030))]) == said(2021, 2030)
    assert in_force([start, (Rank.DESK, 0, said(2011, 2020))]) == said(2021)


@given(st.permutations(range(4)))
def test_of_two_tables_of_one_rank_the_newer_stands_in_any_order(order):
    rows = [(Rank.TABLE, age, said(2000 + age, 2010 + age, f"v{age}")) for age in range(4)]
    assert in_force([rows[place] for place in order]) == said(2003, 2013, "v3")


def test_a_blank_takes_no_period_away_and_a_label_may_be_withdrawn():
    first, second = sources.facts_of(said(2021, 2030, "TÜV", ("CCB",))), sources.facts_of(said(verifier="SGS"))
    assert stated([first, second]) == said(2021, 2030, "SGS")
    assert stated([]) == NOTHING


notes = st.lists(
    st.builds(
        Note,
        row=st.integers(2, 99),
        at_line=st.just(0),
        told=st.builds(
            Told,
            crediting_start=st.sampled_from([None, date(2020, 1, 1)]),
            verifier=st.sampled_from(["", "TÜV", "SGS"]),
            labels=st.sampled_from([(), ("CCB",), ("CCP", "SDG 3")]),
        ),
        on=st.sampled_from([None, date(2025, 1, 1), date(2025, 6, 1)]),
    ),
    max_size=6,
    unique_by=lambda note: note.row,
)


@given(notes, st.integers(0, 6), st.randoms())
def test_rows_of_issues_add_up_the_same_in_any_order_and_split_and_nothing_twice(rows, cut, dice):
    def after(*parts):
        state = {}
        for part in parts:
            state = next((facts for _note, facts in reversed(grown(state, part))), state)
        return {**state, "labels": sorted(parted(state.get("labels", "")))}

    mixed = dice.sample(rows, len(rows))
    assert after(rows) == after(mixed) == after(mixed[:cut], mixed[cut:]) == after(rows, rows)
    whole = [state for _note, state in grown({}, rows)]
    assert not whole or grown(whole[-1], rows) == []
