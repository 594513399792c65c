"""Independence, opinions and what confirms an inventory: worked out without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from neutrality.evaluation import rules
from neutrality.evaluation.rules import Conflict, Given, LineVerdict, Mode, Objection, Opinion, Verdict

INDEPENDENT = rules.Relations(
    evaluator="91510100MA600018XE",
    organizer="91510100MA60000320",
    is_evaluator=True,
    is_verified=True,
    is_restricted=False,
    evaluator_people=frozenset({"e1", "e2"}),
    organizer_people=frozenset({"o1"}),
    compilers=frozenset({"o1"}),
    unit_parties=frozenset({"91350100M000100Y43"}),
)


def test_unrelated_evaluator_has_no_conflict():
    assert rules.conflicts(INDEPENDENT) == ()


@pytest.mark.parametrize(
    ("change", "conflict"),
    [
        ({"organizer": INDEPENDENT.evaluator}, Conflict.SAME_ORGANIZATION),
        ({"is_evaluator": False}, Conflict.NOT_EVALUATOR),
        ({"is_verified": False}, Conflict.NOT_VERIFIED),
        ({"is_restricted": True}, Conflict.RESTRICTED),
        ({"organizer_people": frozenset({"o1", "e2"})}, Conflict.SHARED_MEMBER),
        ({"compilers": frozenset({"e1"})}, Conflict.COMPILER),
        ({"unit_parties": frozenset({INDEPENDENT.evaluator})}, Conflict.UNITS),
    ],
)
def test_each_tie_is_found_alone(change, conflict):
    assert rules.conflicts(replace(INDEPENDENT, **change)) == (conflict,)


READ = (LineVerdict(1, Verdict.AGREED), LineVerdict(2, Verdict.AGREED))


@pytest.mark.parametrize(
    ("opinion", "verdicts", "expected"),
    [
        (Opinion.UNMODIFIED, READ, ()),
        (Opinion.UNMODIFIED, (), (Objection.UNREAD_LINES,)),
        (Opinion.UNMODIFIED, (*READ, LineVerdict(3, None)), (Objection.UNREAD_LINES,)),
        (Opinion.MODIFIED, (*READ, LineVerdict(3, Verdict.CLARIFY)), (Objection.OPEN_QUESTIONS,)),
        (Opinion.UNMODIFIED, (*READ, LineVerdict(3, Verdict.MISSTATED, Decimal(1))), (Objection.MISSTATEMENTS,)),
        (Opinion.MODIFIED, (*READ, LineVerdict(3, Verdict.MISSTATED, Decimal(50))), ()),
        (Opinion.MODIFIED, (*READ, LineVerdict(3, Verdict.MISSTATED, Decimal("50.0001"))), (Objection.MATERIAL,)),
        (
            Opinion.MODIFIED,
            (LineVerdict(1, Verdict.MISSTATED, Decimal(40)), LineVerdict(2, Verdict.MISSTATED, Decimal(-40))),
            (Objection.MATERIAL,),
        ),
        (Opinion.ADVERSE, (LineVerdict(1, None),), ()),
        (Opinion.DISCLAIMER, (), ()),
    ],
)
def test_what_stands_against_an_opinion_about_1000_kg(opinion, verdicts, expected):
    assert rules.objections(opinion, verdicts, Decimal(1000)) == expected


def given(digest="a", opinion=None, hour=0, number="1"):
    return Given(digest, "Body", datetime(2026, 5, 1, hour, tzinfo=UTC), date(2026, 5, 1), number, opinion)


def test_nothing_given_confirms_nothing():
    assert rules.confirmation("a", None, ()) == rules.Confirmation()


def test_commitment_to_this_digest_confirms():
    assert rules.confirmation("a", given(), ()).mode is Mode.SELF


@pytest.mark.parametrize("digest", ["b", ""])
def test_new_version_drops_both_confirmations(digest):
    assert not rules.confirmation(digest, given("a"), (given("a", Opinion.UNMODIFIED),)).positive


@pytest.mark.parametrize("opinion", [Opinion.ADVERSE, Opinion.DISCLAIMER])
def test_negative_opinion_silences_the_commitment_and_stays_visible(opinion):
    found = rules.confirmation("a", given(), (given(opinion=opinion),))
    assert (found.mode, found.opinion) == (Mode.NONE, opinion)


def test_newest_opinion_decides():
    first, second = given(opinion=Opinion.UNMODIFIED, hour=1), given(opinion=Opinion.ADVERSE, hour=2, number="2")
    assert rules.confirmation("a", None, (second, first)).opinion is Opinion.ADVERSE
