"""The wording table R1.39: row by row, TV5, TV14, and over the whole space of facts."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from neutrality.activities.rules import State
from neutrality.disclosure.rules import NEUTRAL, Balance, Claim, ClaimFacts, balance, claim
from neutrality.disclosure.rules.claims import Mark
from neutrality.evaluation.rules import Mode
from neutrality.quantities import obligation
from neutrality.rulebook.rules import ClaimCode

DAY = date(2026, 5, 18)
MARK = Mark(DAY, "why")
TOTAL = Decimal("103150")
SETTLED = ClaimFacts(
    state=State.COMMITTED,
    ended=True,
    total_kg=TOTAL,
    units=104,
    published=True,
    claimed=True,
    mode=Mode.SELF,
    promised_on=DAY,
)

ROWS = {
    "draft": (ClaimFacts(State.DRAFT), ClaimCode.NONE),
    "plan published, not over": (ClaimFacts(State.COMMITTED, promised_on=DAY), ClaimCode.COMMITTED),
    "over, nothing accounted": (ClaimFacts(State.COMMITTED, ended=True), ClaimCode.ACCOUNTING),
    "TV5: 103 of 103.15": (replace(SETTLED, units=103), ClaimCode.PARTLY_OFFSET),
    "covered, self-committed": (SETTLED, ClaimCode.NEUTRAL_SELF_DECLARED),
    "covered, evaluated": (replace(SETTLED, mode=Mode.INDEPENDENT, body="B"), ClaimCode.NEUTRAL_EVALUATED),
    "covered, unconfirmed": (replace(SETTLED, mode=Mode.NONE), ClaimCode.AWAITING_CONFIRMATION),
    "covered, no statement": (replace(SETTLED, published=False), ClaimCode.AWAITING_CONFIRMATION),
    "covered before the end": (replace(SETTLED, ended=False), ClaimCode.COMMITTED),
    "covered, sources left out": (replace(SETTLED, partial=True), ClaimCode.PARTLY_OFFSET),
    "covered late counts late": (replace(SETTLED, deadline_passed=True), ClaimCode.NEUTRAL_SELF_DECLARED),
    "TV14: deadline passed, 60 of 100": (
        replace(SETTLED, total_kg=Decimal(100_000), units=60, deadline_passed=True),
        ClaimCode.NOT_ACHIEVED,
    ),
    "deadline passed, never accounted": (
        ClaimFacts(State.COMMITTED, ended=True, deadline_passed=True),
        ClaimCode.NOT_ACHIEVED,
    ),
    "deadline passed, sources left out": (
        replace(SETTLED, partial=True, deadline_passed=True),
        ClaimCode.NOT_ACHIEVED,
    ),
    "units found false": (replace(SETTLED, units=100, void=4, void_on=DAY), ClaimCode.UNDER_REVIEW),
    "units found false, after the deadline": (
        replace(SETTLED, units=100, void=4, void_on=DAY, deadline_passed=True),
        ClaimCode.UNDER_REVIEW,
    ),
    "units found false, replaced": (replace(SETTLED, void=4, void_on=DAY), ClaimCode.NEUTRAL_SELF_DECLARED),
    "units found false before any statement": (
        replace(SETTLED, units=100, void=4, published=False, claimed=False),
        ClaimCode.PARTLY_OFFSET,
    ),
    "challenged": (replace(SETTLED, review=MARK), ClaimCode.UNDER_REVIEW),
    "withdrawn": (replace(SETTLED, withdrawn=MARK), ClaimCode.WITHDRAWN),
    "called off": (ClaimFacts(State.CANCELLED, cancelled_on=DAY), ClaimCode.CANCELLED),
    "badge lapsed (R2.3)": (replace(SETTLED, expired_on=DAY), ClaimCode.EXPIRED),
    "short and lapsed": (replace(SETTLED, units=1, deadline_passed=True, expired_on=DAY), ClaimCode.NOT_ACHIEVED),
    "retold, short, long ago": (
        ClaimFacts(State.COMMITTED, ended=True, total_kg=TOTAL, deadline_passed=True, reconstruction=True),
        ClaimCode.PARTLY_OFFSET,
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_the_table(row):
    facts, code = ROWS[row]
    assert claim(facts).code is code


def test_every_code_has_a_row():
    assert {code for _, code in ROWS.values()} == set(ClaimCode)


def test_tv14_says_how_much():
    said = claim(ROWS["TV14: deadline passed, 60 of 100"][0])
    assert (said.units, said.total_kg, said.percent, said.neutral) == (60, Decimal(100_000), 60, False)


def test_tv5_rounds_down():
    said = claim(ROWS["TV5: 103 of 103.15"][0])
    assert (said.percent, said.neutral) == (99, False)
    assert balance(TOTAL, 103) == Balance("short", 1)
    assert balance(TOTAL, 104) == Balance("settled", 0)
    assert balance(TOTAL, 110) == Balance("surplus", 6)
    assert balance(None, 110) == Balance("open", 0)
    assert balance(TOTAL, 110, partial=True) == Balance("partial", 6)
    assert balance(TOTAL, 103, partial=True) == Balance("short", 1)


def test_a_hundred_percent_of_the_mean_is_not_a_hundred_where_more_is_owed():
    """104 t cover 103.15 t emitted; for the 90th percentile of 118 t they are 99 %, and the balance is short."""
    facts = replace(SETTLED, units=104, cover_kg=Decimal(118_000))
    assert claim(SETTLED).percent == 100
    assert (claim(facts).percent, claim(facts).neutral) == (99, False)
    assert claim(replace(facts, units=60)).percent == 58
    assert balance(facts.due_kg, 104) == Balance("short", 14)


def test_a_body_is_named_only_where_its_opinion_counts():
    assert claim(replace(SETTLED, body="B")).body == ""
    assert claim(replace(SETTLED, body="B", mode=Mode.INDEPENDENT)).body == "B"


SPACE = {
    "state": list(State),
    "ended": [False, True],
    "total_kg": [None, Decimal(0), Decimal(100_000), TOTAL],
    "partial": [False, True],
    "units": [0, 1, 60, 99, 100, 103, 104, 200],
    "void": [0, 4],
    "cover_kg": [None, Decimal(118_000)],
    "body": ["", "B"],
    "published": [False, True],
    "claimed": [False, True],
    "withdrawn": [None, MARK],
    "review": [None, MARK],
    "deadline_passed": [False, True],
    "expired_on": [None, DAY],
    "mode": list(Mode),
    "reconstruction": [False, True],
}


@pytest.mark.long
def test_over_the_whole_space_of_facts():
    """Total (one code for every combination), and neutral only where I1 holds and everything else stands (V24, V25)."""
    assert set(SPACE) | {"void_on", "promised_on", "promised_sinks", "cancelled_on", "body", "cover_level"} == {
        field.name for field in fields(ClaimFacts)
    }
    seen, count = set(), 0
    for values in product(*SPACE.values()):
        facts = ClaimFacts(**dict(zip(SPACE, values, strict=True)))
        said = claim(facts)
        seen.add(said.code)
        count += 1
        if said.code in NEUTRAL:
            assert facts.total_kg is not None
            assert facts.units >= max(obligation(facts.total_kg), obligation(facts.cover_kg or 0))
            assert facts.state is State.COMMITTED
            assert facts.ended
            assert facts.published
            assert facts.mode is not Mode.NONE
            assert not any((facts.partial, facts.withdrawn, facts.review, facts.expired_on))
        if said.percent is not None:
            assert (said.percent == 100) == (facts.units >= obligation(facts.due_kg))
    assert count > 1_000_000
    assert seen == set(ClaimCode)


def wrong(facts):
    """A claim that trusts a stored flag instead of the sum: what the test above exists to refuse."""
    return Claim(ClaimCode.NEUTRAL_SELF_DECLARED) if facts.published else claim(facts)


def test_the_space_would_catch_a_stored_flag():
    """Control."""
    facts = replace(SETTLED, units=103)
    assert wrong(facts).neutral
    assert facts.units < obligation(facts.total_kg)


def test_a_claim_has_a_tone_and_a_template():
    assert {claim(facts).tone for facts, _ in ROWS.values()} == {"good", "bad", "wait"}
    assert claim(SETTLED).template == "disclosure/claims/neutral_self_declared.html"


def test_no_green_sum_beside_a_claim_that_no_longer_holds():
    muted = {claim(facts).code for facts, _ in ROWS.values() if claim(facts).muted}
    assert muted == {ClaimCode.UNDER_REVIEW, ClaimCode.WITHDRAWN, ClaimCode.EXPIRED, ClaimCode.CANCELLED}
