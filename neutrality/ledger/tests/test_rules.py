"""Span arithmetic against plain sets of numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neutrality.ledger import rules


def numbers(spans):
    return {number for first, last in spans for number in range(first, last + 1)}


@st.composite
def disjoint(draw):
    edges = sorted(draw(st.sets(st.integers(1, 200), max_size=20)))
    return [(edges[i], edges[i + 1] - 1) for i in range(0, len(edges) - 1, 2)]


@given(disjoint(), st.randoms())
def test_merged_keeps_the_numbers_and_leaves_no_neighbours(spans, random):
    random.shuffle(spans)
    result = rules.merged(spans)
    assert numbers(result) == numbers(spans)
    assert all(result[i][1] + 1 < result[i + 1][0] for i in range(len(result) - 1))


@given(disjoint(), st.integers(1, 200), st.integers(0, 100))
def test_clipped(spans, first, length):
    within = (first, first + length)
    assert numbers(rules.clipped(spans, within)) == numbers(spans) & numbers([within])


@given(disjoint(), st.integers(1, 250))
def test_taken_are_the_lowest(spans, quantity):
    result = rules.taken(spans, quantity)
    held = sorted(numbers(spans))
    assert (None if result is None else sorted(numbers(result))) == (held[:quantity] if len(held) >= quantity else None)


@pytest.mark.parametrize("wrong", [(0, 3), (4, 3), (-1, -1), (1, 2**62)])
def test_no_such_span(wrong):
    with pytest.raises(rules.BadSpan):
        rules.checked(wrong)


moves = st.lists(
    st.builds(
        lambda source, target, first, length: (source, target, (first, first + length)),
        st.sampled_from([rules.MINT, "a", "b", "c"]),
        st.sampled_from(["a", "b", "c"]),
        st.integers(1, 30),
        st.integers(0, 10),
    ),
    max_size=25,
)


@given(moves)
def test_replay_agrees_with_a_map_from_number_to_place(raw):
    where, impossible = {}, []
    for number, (source, target, span) in enumerate(raw, 1):
        all_of_it = numbers([span])
        there = all((each not in where) if source == rules.MINT else where.get(each) == source for each in all_of_it)
        if there:
            where.update(dict.fromkeys(all_of_it, target))
        else:
            impossible.append(number)
    held, refused = rules.replay(
        rules.Move(number, source, target, span) for number, (source, target, span) in enumerate(raw, 1)
    )
    assert refused == impossible
    assert {each: place for place, spans in held.items() for each in numbers(spans)} == where
