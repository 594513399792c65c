"""The one dictionary of steps, walked whole; due process, lack by lack; the clock guard."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from neutrality.oversight import rules
from neutrality.oversight.rules import (
    DECISIONS,
    FINAL,
    OPENERS,
    STEPS,
    Act,
    Actor,
    Bar,
    Clock,
    ClockFault,
    Dossier,
    Exhibit,
    Kind,
    Lack,
    Method,
    Person,
    State,
)


def paths(kind):
    """Every path without repeated edge from opening, as tuples of acts, with the state it ends in."""
    stack = [(State.OPEN, (Act.OPEN,), frozenset())]
    while stack:
        state, acts, used = stack.pop()
        yield state, acts
        for (at, act), move in STEPS[kind].items():
            if at is state and (at, act) not in used:
                stack.append((move.to, (*acts, act), used | {(at, act)}))


@pytest.mark.parametrize("kind", Kind)
def test_every_state_of_a_kind_is_reached_and_can_end(kind):
    reached = {state for state, _ in paths(kind)}
    named = {at for at, _ in STEPS[kind]} | {move.to for move in STEPS[kind].values()}
    assert reached == named
    assert reached & FINAL


def test_no_path_decides_a_listing_without_a_delivered_notice():
    decided = [acts for state, acts in paths(Kind.LISTING) if state is State.DECIDED]
    assert decided
    for acts in decided:
        served = max(i for i, act in enumerate(acts) if act is Act.SERVE)
        delivered = [i for i, act in enumerate(acts) if act in (Act.DELIVER, Act.ACKNOWLEDGE)]
        assert served < max(delivered) < acts.index(Act.DECIDE)
        assert acts.count(Act.OBJECT) == acts.count(Act.REPLY)


def test_negative_control_a_shortcut_in_the_table_would_be_found(monkeypatch):
    hole = {**STEPS[Kind.LISTING], (State.INVESTIGATED, Act.RECOMMEND): rules.Move(State.RECOMMENDED, (Actor.OFFICER,))}
    monkeypatch.setitem(STEPS, Kind.LISTING, hole)
    assert any(Act.SERVE not in acts for state, acts in paths(Kind.LISTING) if state is State.DECIDED)


@pytest.mark.parametrize("kind", Kind)
def test_decisions_are_for_deciders_and_bar_whoever_prepared(kind):
    for (_, act), move in STEPS[kind].items():
        if act in DECISIONS:
            assert move.actors == (Actor.DECIDER,)
            assert move.barred_by


def test_system_decides_nothing():
    for kind in Kind:
        for (_, act), move in STEPS[kind].items():
            assert Actor.SYSTEM not in move.actors or act in (Act.RESTORE, Act.SETTLE)
    assert Actor.SYSTEM not in OPENERS[Kind.CHALLENGE].actors


OFFICER = Person("a", frozenset({Actor.OFFICER, Actor.DECIDER}))


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (OFFICER, None),
        (replace(OFFICER, did=frozenset({Act.INVESTIGATE})), Bar.SAME_PERSON),
        (replace(OFFICER, did=frozenset({Act.OPEN})), Bar.SAME_PERSON),
        (replace(OFFICER, did=frozenset({Act.RECOMMEND})), Bar.SAME_PERSON),
        (replace(OFFICER, belongs_to_subject=True), Bar.OWN_CASE),
        (replace(OFFICER, actors=frozenset({Actor.OFFICER})), Bar.NOT_YOURS),
        (replace(OFFICER, actors=frozenset({Actor.SUBJECT})), Bar.NOT_YOURS),
    ],
)
def test_who_may_decide_a_recommended_listing(person, expected):
    assert rules.bar(Kind.LISTING, State.RECOMMENDED, Act.DECIDE, person) == expected


def test_what_is_not_in_the_table_is_not_allowed():
    assert rules.bar(Kind.LISTING, State.OPEN, Act.DECIDE, OFFICER) is Bar.NOT_ALLOWED


def test_closer_of_a_challenge_is_not_its_proposer():
    same = replace(OFFICER, did=frozenset({Act.PROPOSE}))
    assert rules.acts(Kind.CHALLENGE, State.CLOSING, same) == ()
    assert rules.acts(Kind.CHALLENGE, State.CLOSING, OFFICER) == (Act.CONFIRM, Act.REFUSE)


CODE = "91510100MA60000320"
COMPLETE = Dossier(
    subject_code=CODE,
    subject_name="青账",
    current_code=CODE,
    current_name="青账",
    is_organization=True,
    exhibits=(Exhibit(CODE, "a" * 64),),
    notice_code=CODE,
    delivered_on=date(2026, 5, 11),
    proof="f" * 64,
    method=Method.POST,
    address_since=date(2026, 5, 6),
    window_ends=date(2026, 5, 18),
    prepared_by=frozenset({"a"}),
    decided_by="b",
)
ON = date(2026, 5, 19)


def test_complete_dossier_lacks_nothing():
    assert rules.lacks(COMPLETE, ON) == ()


@pytest.mark.parametrize(
    ("change", "lack"),
    [
        ({"exhibits": ()}, Lack.EVIDENCE),
        ({"exhibits": (Exhibit(CODE, ""),)}, Lack.EVIDENCE),
        ({"exhibits": (Exhibit(CODE, "a" * 64, withdrawn=True),)}, Lack.EVIDENCE),
        ({"exhibits": (Exhibit("91510100MA600018XE", "a" * 64),)}, Lack.OTHER_CODE),
        ({"notice_code": "91510100MA600018XE"}, Lack.OTHER_CODE),
        ({"delivered_on": None, "address_since": None, "method": None}, Lack.NOTICE),
        ({"proof": ""}, Lack.PROOF),
        ({"address_since": date(2026, 5, 10)}, Lack.ADDRESS),
        ({"address_since": None}, Lack.ADDRESS),
        ({"window_ends": ON}, Lack.WINDOW),
        ({"objection_open": True}, Lack.OBJECTION),
        (
            {"answered_at": datetime(2026, 5, 20, tzinfo=UTC), "decided_at": datetime(2026, 5, 19, tzinfo=UTC)},
            Lack.ANSWER_LATE,
        ),
        ({"decided_by": "a"}, Lack.SAME_PERSON),
        ({"current_name": "青账科技"}, Lack.CHANGED_SUBJECT),
        ({"current_code": "91510100MA600018XE"}, Lack.CHANGED_SUBJECT),
        ({"is_organization": False}, Lack.NOT_ORGANIZATION),
    ],
)
def test_each_lack_is_named_alone(change, lack):
    assert rules.lacks(replace(COMPLETE, **change), ON) == (lack,)


def test_a_withdrawn_exhibit_of_another_company_does_no_harm():
    other = Exhibit("91510100MA600018XE", "b" * 64, withdrawn=True)
    assert rules.lacks(replace(COMPLETE, exhibits=(*COMPLETE.exhibits, other)), ON) == ()


NOON = datetime(2026, 5, 19, 12, tzinfo=UTC)
LAST = Clock(NOON, NOON, "boot", 1000)


def later(hours, *, uptime=None, boot="boot", database=None):
    wall = NOON + timedelta(hours=hours)
    passed = 1000 + hours * 3600 if uptime is None else uptime
    return Clock(wall, wall + timedelta(hours=database or 0), boot, passed)


@pytest.mark.parametrize(
    ("now", "fault"),
    [
        (later(1), None),
        (later(7 * 24), None),
        (later(40 * 24, uptime=1600), ClockFault.JUMPED),
        (later(2 * 365 * 24, uptime=1600), ClockFault.JUMPED),
        (later(-3), ClockFault.BACK),
        (later(1, database=3), ClockFault.DISAGREE),
        (later(1, database=-3), ClockFault.DISAGREE),
        (later(1, boot="other", uptime=60), None),
        (later(40 * 24, boot="other", uptime=60), ClockFault.JUMPED),
        (later(40 * 24, boot="other", uptime=40 * 24 * 3600), None),
    ],
)
def test_a_jump_is_told_from_a_pause(now, fault):
    assert rules.clock_fault(now, LAST) == fault


def test_first_look_has_nothing_to_compare():
    assert rules.clock_fault(LAST, None) is None
