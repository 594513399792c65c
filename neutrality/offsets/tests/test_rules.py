"""Eligibility, proof and counting: each yes and each no with its rule."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neutrality.offsets.rules import (
    REPLACEMENT_DAYS,
    Answer,
    Cancellation,
    DocumentKind,
    ProofFacts,
    Purpose,
    Recognition,
    UnitFacts,
    Voiding,
    counted,
    gaps,
    judge,
    names_match,
    purposes_for,
)
from neutrality.rulebook.rules import Eligibility, Family, FamilyCode


def family(code, order, eligibility="listed", needs_reason=False, rule=""):
    return Family(FamilyCode(code), order, "", "", Eligibility(eligibility), needs_reason, "", "", rule)


FAMILIES = [
    family("allowance", 1, rule="R1.17(1)"),
    family("ccer", 2, rule="R1.17(2)"),
    family("local_credit", 3, "needs_recognition", rule="R1.17(3)"),
    family("foreign_domestic", 4, needs_reason=True, rule="R1.17(4)"),
    family("forestry_ticket", 5, "needs_recognition", True, "R1.21"),
    family("foreign", 6, "outside", True, "R1.19"),
]
CDCER = UnitFacts("cdcer", "local_credit", "CN", Recognition.UNKNOWN, named_by={"cn-sc-2021": "R2.6"})
WINDOWED = UnitFacts(
    "ccer",
    "ccer",
    "CN",
    vintage_start=date(2021, 1, 1),
    crediting_start=date(2021, 1, 1),
    crediting_end=date(2030, 12, 31),
)
LATE_VCU = replace(WINDOWED, kind="vcu", family="foreign", vintage_end=date(2031, 1, 1))
VERDICTS = [
    (UnitFacts("cea", "allowance"), "cn-events-2019", Answer.YES, "R1.17(1)", "listed"),
    (UnitFacts("ccer", "ccer", vintage_start=date(2024, 1, 1)), "cn-events-2019", Answer.YES, "R1.17(2)", "listed"),
    (
        UnitFacts("ccer", "ccer", vintage_start=date(2020, 9, 22)),
        "cn-events-2019",
        Answer.NO,
        "R3.15",
        "generated_too_early",
    ),
    (UnitFacts("ccer", "ccer", vintage_start=date(2020, 9, 23)), "cn-events-2019", Answer.YES, "R1.17(2)", "listed"),
    (replace(WINDOWED, vintage_end=date(2030, 12, 31)), "x", Answer.YES, "R1.17(2)", "listed"),
    (replace(WINDOWED, vintage_end=date(2031, 1, 1)), "x", Answer.NO, "R3.15", "outside_window"),
    (replace(WINDOWED, vintage_start=date(2020, 12, 31)), "x", Answer.NO, "R3.15", "outside_window"),
    (LATE_VCU, "x", Answer.WITH_REASON, "R1.17(4)", "lower_family"),
    (UnitFacts("ccer", "ccer", legacy=True, vintage_start=date(2015, 1, 1)), "x", Answer.YES, "R1.17(2)", "listed"),
    (CDCER, "cn-sc-2021", Answer.YES, "R2.6", "named"),
    (CDCER, "cn-events-2019", Answer.WITH_REASON, "R3.29b", "recognition_unknown"),
    (replace(CDCER, recognition=Recognition.YES), "cn-events-2019", Answer.YES, "R1.17(3)", "listed"),
    (replace(CDCER, recognition=Recognition.NO), "cn-events-2019", Answer.NO, "R3.29b", "not_recognised"),
    (UnitFacts("smcer", "forestry_ticket", "CN", Recognition.NO), "x", Answer.NO, "R3.29b", "not_recognised"),
    (UnitFacts("gz", "forestry_ticket", "CN", Recognition.YES), "x", Answer.WITH_REASON, "R1.21", "lower_family"),
    (UnitFacts("vcu", "foreign", "CN"), "cn-events-2019", Answer.WITH_REASON, "R1.17(4)", "lower_family"),
    (UnitFacts("vcu", "foreign", "KE"), "cn-events-2019", Answer.WITH_REASON, "R1.19", "outside_list"),
    (UnitFacts("cer", "foreign", "CN", temporary=True), "cn-events-2019", Answer.NO, "R3.30", "temporary"),
]


@pytest.mark.parametrize(("unit", "pack", "answer", "rule", "code"), VERDICTS)
def test_each_verdict_names_its_rule(unit, pack, answer, rule, code):
    verdict = judge(unit, pack, FAMILIES)
    assert (verdict.answer, verdict.rule, verdict.code) == (answer, rule, code)


def test_order_is_the_packs_own():
    orders = [judge(UnitFacts("x", one.code, "CN", Recognition.YES), "x", FAMILIES).order for one in FAMILIES[:5]]
    assert orders == [1, 2, 3, 4, 5]


def test_notes_for_readers():
    assert judge(UnitFacts("cea", "allowance"), "x", FAMILIES).notes == ("carry_over",)
    assert judge(UnitFacts("vcu", "foreign", "KE"), "x", FAMILIES).notes == ("foreign",)
    assert judge(UnitFacts("old", "ccer", legacy=True), "x", FAMILIES).notes == ("legacy",)
    assert judge(LATE_VCU, "x", FAMILIES).notes == ("outside_window",)


PROOF = ProofFacts(
    family="ccer",
    registry_named=True,
    quantity=100,
    cancelled_on=date(2026, 6, 1),
    project_named=True,
    vintage_named=True,
    serial="",
    certificate_number="ZX-2026-001",
    account_holder="某某公司",
    beneficiary="2026年成都马拉松（某某公司）",
    stated_purpose=Purpose.EVENT,
    document_kind=DocumentKind.REGISTRY_CERTIFICATE,
    final=True,
    has_document=True,
)
ASKED = {"allowed": purposes_for("event"), "names": ["2026年成都马拉松", "Chengdu Marathon 2026"]}


def proof_gaps(**changes):
    return gaps(replace(PROOF, **changes), today=date(2026, 6, 2), **ASKED)


LACKS = [
    ({"registry_named": False}, "registry"),
    ({"quantity": 0}, "quantity"),
    ({"cancelled_on": None}, "date"),
    ({"cancelled_on": date(2026, 6, 3)}, "date_ahead"),
    ({"project_named": False}, "project"),
    ({"vintage_named": False}, "vintage"),
    ({"certificate_number": ""}, "number"),
    ({"account_holder": ""}, "account_holder"),
    ({"stated_purpose": Purpose.JUDICIAL}, "purpose"),
    ({"stated_purpose": Purpose.COMPLIANCE}, "purpose"),
    ({"stated_purpose": Purpose.ORGANISATION}, "purpose"),
    ({"beneficiary": "another event"}, "beneficiary"),
    ({"final": False}, "not_final"),
    ({"document_kind": DocumentKind.HONOUR_CERTIFICATE}, "honour"),
    ({"document_kind": DocumentKind.EXCHANGE_RECEIPT}, "receipt"),
    ({"has_document": False}, "document"),
]


def test_complete_proof_lacks_nothing():
    assert proof_gaps() == ()


@pytest.mark.parametrize(("change", "code"), LACKS)
def test_each_missing_field_is_named_alone(change, code):
    assert proof_gaps(**change) == (code,)


def test_all_gaps_are_named_at_once():
    changes = {name: value for change, _ in LACKS for name, value in change.items()}
    assert len(proof_gaps(**changes)) >= 12


def test_allowances_have_a_year_and_no_project():
    assert proof_gaps(family="allowance", project_named=False) == ()


def test_operating_period_may_be_offset_as_an_organisation():
    assert (
        gaps(
            replace(PROOF, stated_purpose=Purpose.ORGANISATION),
            today=date(2026, 6, 2),
            allowed=purposes_for("operation"),
            names=ASKED["names"],
        )
        == ()
    )


@pytest.mark.parametrize("text", ["2026 年 成都 马拉松", "for: chengdu marathon 2026!", "２０２６年成都马拉松"])
def test_beneficiary_is_found_in_any_spelling(text):
    assert names_match(text, ASKED["names"])


@pytest.mark.parametrize("text", ["", "2026年成都", "marathon"])
def test_beneficiary_must_be_named_whole(text):
    assert not names_match(text, ASKED["names"])
    assert not names_match(text, ["", " ", "A"])


DEADLINE = date(2027, 5, 18)
FOUND = date(2027, 6, 1)
NEXT = timedelta(days=1)


def test_the_last_day_counts_and_the_day_after_does_not():
    assert counted([Cancellation(5, DEADLINE), Cancellation(7, DEADLINE + NEXT)], [], DEADLINE) == 5


@pytest.mark.parametrize(
    ("late_on", "units", "expected"),
    [
        (FOUND, 40, 70),
        (FOUND + timedelta(days=REPLACEMENT_DAYS), 40, 70),
        (FOUND + timedelta(days=REPLACEMENT_DAYS + 1), 40, 30),
        (FOUND - NEXT, 40, 30),
        (FOUND, 90, 100),
    ],
)
def test_void_units_may_be_replaced_in_their_window_and_no_more(late_on, units, expected):
    rows = [Cancellation(30, date(2027, 1, 1)), Cancellation(units, late_on)]
    assert counted(rows, [Voiding(70, FOUND, date(2027, 1, 1))], DEADLINE) == expected


def test_late_units_found_void_open_no_window():
    late = DEADLINE + NEXT
    assert counted([Cancellation(10, FOUND)], [Voiding(10, FOUND, late)], DEADLINE) == 0


days = st.dates(date(2026, 1, 1), date(2028, 12, 31))


@given(
    st.lists(st.builds(Cancellation, st.integers(1, 50), days), max_size=6),
    st.lists(st.builds(Voiding, st.integers(1, 50), days, days), max_size=6),
)
def test_late_units_never_count_beyond_what_was_void(rows, voids):
    timely = sum(row.units for row in rows if row.cancelled_on <= DEADLINE)
    replaceable = sum(one.units for one in voids if one.cancelled_on <= DEADLINE)
    assert timely <= counted(rows, voids, DEADLINE) <= min(timely + replaceable, sum(row.units for row in rows))
