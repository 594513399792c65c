"""Span arithmetic against plain sets of numbers."""

from itertools import pairwise

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from neutrality.ledger import rules


def numbers(spans):
    return {number for first, last in spans for number in range(first, last + 1)}


@st.composite
def disjoint(draw):
    """Spans that share no number; every second pair or so are neighbours."""
    edges = sorted(draw(st.sets(st.integers(1, 200), max_size=20)))
    return [(low, high - 1) for low, high in pairwise(edges) if draw(st.booleans())]


@given(disjoint(), st.randoms())
def test_merged_keeps_the_numbers_and_leaves_no_neighbours(spans, random):
    random.shuffle(spans)
    result = rules.merged(spans)
    assert numbers(result) == numbers(spans)
    assert all(result[i][1] + 1 < result[i + 1][0] for i in range(len(result) - 1))


# Faults of merging met elsewhere: neighbours taken for strangers, strangers one apart taken for neighbours, and the end
# of a run counted as its last number (GC; cadt#451).
MERGED_WRONG = {
    "neighbours stay apart": (lambda last, first: last == first, 0),
    "one apart is joined": (lambda last, first: last + 2 >= first, 0),
    "one too long": (lambda last, first: last + 1 == first, 1),
}


@pytest.mark.parametrize("fault", MERGED_WRONG)
def test_the_known_faults_of_merging_are_caught(monkeypatch, fault):
    joined, longer = MERGED_WRONG[fault]

    def merged(spans):
        result = []
        for first, last in sorted(spans):
            if result and joined(result[-1][1], first):
                result[-1] = (result[-1][0], last + longer)
            else:
                result.append((first, last))
        return result

    monkeypatch.setattr(rules, "merged", merged)
    property_ = test_merged_keeps_the_numbers_and_leaves_no_neighbours.hypothesis.inner_test
    quick = settings(phases=[Phase.generate], max_examples=10_000, database=None)
    found = quick(given(disjoint(), st.randoms())(property_))
    with pytest.raises((AssertionError, ExceptionGroup)):  # hypothesis may find two ways to fail
        found()  # that it fails is enough: no smallest example is looked for


@given(disjoint(), st.integers(1, 200), st.integers(0, 100))
def test_clipped(spans, first, length):
    within = (first, first + length)
    assert numbers(rules.clipped(spans, within)) == numbers(spans) & numbers([within])


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


@settings(max_examples=300)
@given(moves, st.sampled_from([1, 3, 500]))
def test_replay_agrees_with_a_map_from_number_to_place(raw, short):
    where, impossible = {}, []
    for number, (source, target, span) in enumerate(raw, 1):
        all_of_it = numbers([span])
        there = all((each not in where) if source == rules.MINT else where.get(each) == source for each in all_of_it)
        if there:
            where.update(dict.fromkeys(all_of_it, target))
        else:
            impossible.append(number)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules.Line, "SHORT", short)
        held, refused = rules.replay(
            rules.Move(number, source, target, span) for number, (source, target, span) in enumerate(raw, 1)
        )
    assert refused == impossible
    assert {each: place for place, spans in held.items() for each in numbers(spans)} == where
