from copy import deepcopy
from datetime import date
from decimal import Decimal

import pytest

from neutrality import periods
from neutrality.rulebook import reading, rules, seeding

NATIONAL, SICHUAN, SHANGHAI, GUANGDONG = "cn-events-2019", "cn-sc-2021", "cn-sh-2025", "cn-gd-2026"


def pack(code):
    return reading.read(seeding.pack(code))


def test_the_four_packs_are_there():
    assert seeding.packs() == [NATIONAL, GUANGDONG, SICHUAN, SHANGHAI]


@pytest.mark.parametrize("code", seeding.packs())
def test_every_pack_is_complete(code):
    found = pack(code)
    assert [source.code for source in found.sources] == list(rules.SourceCode)
    assert {family.code for family in found.unit_families} == set(rules.FamilyCode)
    assert {claim.code for claim in found.claim_words} == set(rules.ClaimCode)
    assert [item.code for item in found.plan_items] == list(rules.PlanItemCode)
    assert [item.code for item in found.statement_items] == list(rules.StatementItemCode)
    assert {basis.part for basis in found.bases} == set(rules.Part)


def test_no_words_below_neutral_say_neutral():
    """R1.39: before it is achieved nothing may be taken for it; only the promise and its failure name the goal."""
    neutral = {"neutral_self_declared", "neutral_evaluated"}
    for code in seeding.packs():
        for claim in pack(code).claim_words:
            said = any(word in claim.words_zh for word in ("实现碳中和", "零碳", "净零"))
            assert (claim.code in neutral) == (said and "未在期限内" not in claim.words_zh), claim.code
            assert all(word not in claim.words_zh for word in claim.forbidden_zh)
            assert all(word not in claim.words_en.lower() for word in claim.forbidden_en)


@pytest.mark.parametrize(
    ("end", "units", "forest"),
    [
        (date(2026, 5, 18), date(2027, 5, 18), date(2032, 5, 18)),  # TV6a
        (date(2028, 2, 29), date(2029, 2, 28), date(2034, 2, 28)),  # TV6b
    ],
)
@pytest.mark.parametrize("code", seeding.packs())
def test_clocks_of_an_event(code, end, units, forest):
    found = pack(code)
    assert found.deadline("units", "event").on(end) == units
    assert found.deadline("forest", "event").on(end) == forest


def test_clocks_of_an_operation():
    """R2.3: twelve months after the period; there is no forest clock, and the claim expires."""
    found = pack(SICHUAN)
    assert found.deadline("units", "operation").on(date(2025, 12, 31)) == date(2026, 12, 31)
    assert found.deadline("expiry", "operation").on(date(2025, 12, 31)) == date(2026, 12, 31)
    assert found.deadline("forest", "operation") is None
    assert pack(NATIONAL).deadline("units", "operation") is None


def test_a_clock_in_days():
    assert pack(NATIONAL).deadline("statement", "event").on(date(2026, 5, 18)) == date(2026, 6, 17)


def test_guangdong_binds_in_principle():
    assert pack(GUANGDONG).deadline("units", "event").force is rules.Force.IN_PRINCIPLE
    assert pack(NATIONAL).deadline("units", "event").force is rules.Force.MUST


def test_stages():
    """R1.11: the holding stage must be inside."""
    assert pack(NATIONAL).mandatory_stages("event") == ("holding",)
    assert [stage.code for stage in pack(SICHUAN).stages_of("event")] == ["preparation", "holding", "closing"]
    assert pack(SICHUAN).mandatory_stages("operation") == ("operation",)


SIZES = [
    (SHANGHAI, "meeting", 400, None, "large_meeting"),
    (SHANGHAI, "meeting", 399, None, None),
    (SHANGHAI, "meeting", None, None, None),
    (SHANGHAI, "competition", 5000, None, "large_competition"),
    (SHANGHAI, "performance", 4999, None, None),
    (SHANGHAI, "exhibition", 9999, 4999, None),
    (SHANGHAI, "exhibition", 9999, 5000, "large_exhibition"),
    (SHANGHAI, "exhibition", 10000, None, "large_exhibition"),
    (SHANGHAI, "other_event", 90000, 90000, None),
    (NATIONAL, "meeting", 90000, None, None),
    (GUANGDONG, "meeting", 90000, None, None),
]


@pytest.mark.parametrize(("code", "kind", "people", "area", "expected"), SIZES)
def test_size_classes(code, kind, people, area, expected):
    found = pack(code).size_class(kind, {"people_on_site": people, "floor_area_m2": Decimal(area) if area else None})
    assert (found.code if found else None) == expected


def test_u4_local_credits_differ_between_rulebooks():
    """R0.5: the same tonne is fine in Sichuan and waits for proof under the national guide."""
    assert pack(NATIONAL).family("local_credit").eligibility is rules.Eligibility.NEEDS_RECOGNITION
    assert pack(SICHUAN).family("local_credit").eligibility is rules.Eligibility.LISTED
    assert pack(NATIONAL).family("foreign").eligibility is rules.Eligibility.OUTSIDE


def test_the_national_order():
    """R1.17, R1.18: the first choice needs no reason, every lower one does."""
    ranked = [(family.code, family.needs_reason) for family in pack(NATIONAL).unit_families]
    assert ranked[0] == ("allowance", False)
    assert [code for code, reason in ranked if reason] == [
        "ccer",
        "local_credit",
        "forestry_ticket",
        "foreign_domestic",
        "foreign",
    ]


def test_unknown_stays_unknown():
    basis = pack(GUANGDONG).basis("size_classes")
    assert basis.basis is rules.Basis.UNKNOWN
    assert basis.note_en
    assert pack(GUANGDONG).size_classes == ()


@pytest.mark.parametrize(
    ("jurisdiction", "region", "expected"),
    [
        ("100000", "510104", True),
        ("100000", "990000", False),
        ("510000", "510104", True),
        ("510000", "500000", False),
        ("500000", "510000", False),
        ("100000", "100000", True),
        ("510100", "510104", True),
        ("510100", "510300", False),
        ("510100", "510000", False),
    ],
)
def test_applies(jurisdiction, region, expected):
    assert rules.applies(jurisdiction, region) is expected


def wrong(change):
    content = deepcopy(seeding.pack(NATIONAL))
    change(content)
    with pytest.raises(reading.Malformed) as caught:
        reading.read(content)
    return caught.value.problems


FAULTS = [
    (lambda c: c.pop("stages"), "pack.stages: missing"),
    (lambda c: c.update(extra=1), "pack.extra: unknown"),
    (lambda c: c["sources"][0].update(code="magic"), "pack.sources[0].code: 'magic' is not a SourceCode we know"),
    (
        lambda c: c["sources"][0].update(factor_categories=["air"]),
        "pack.sources[0].factor_categories[0]: 'air' is not a FactorCategory we know",
    ),
    (lambda c: c["sources"].pop(), "pack.sources: online is missing"),
    (lambda c: c["sources"].append(c["sources"][0]), "pack.sources: stationary_fuel stands twice"),
    (lambda c: c["sources"][0].update(scope=4), "pack.sources.stationary_fuel: scope 4"),
    (lambda c: c["sources"][0].update(scope="1"), "pack.sources[0].scope: '1' is not a int we know"),
    (lambda c: c["sources"][0].update(factor_categories=[]), "pack.sources.stationary_fuel: no factor category"),
    (lambda c: c["unit_families"].reverse(), "pack.unit_families: not in their order"),
    (lambda c: c["claim_words"].pop(), "pack.claim_words: expired is missing"),
    (lambda c: c["deadlines"].pop(0), "pack.deadlines: units for event is missing"),
    (lambda c: c["deadlines"][0].update(days=3), "pack.deadlines.units: exactly one of months and days"),
    (lambda c: c["stages"][1].update(duty="encouraged"), "pack.stages: no stage of event is mandatory"),
    (lambda c: c.update(effective_on="soon"), "pack.effective_on: 'soon' is not a date we know"),
    (lambda c: c.update(name_zh=""), "pack.name_zh: '' is not a str we know"),
    (lambda c: c.update(citations=[]), "pack: citations, confirmation modes and forms may not be empty"),
    (lambda c: c.update(size_classes={}), "pack.size_classes: a list is needed"),
    (lambda c: c["bases"][0].update(basis="own"), "pack.size_classes: says own and holds nothing"),
    (lambda c: c["bases"][0].update(note_zh=""), "pack.bases.size_classes: none needs a note"),
    (lambda c: c["confirmation_modes"][0].update(code="oracle"), "pack.confirmation_modes: 'oracle' is unknown"),
]


@pytest.mark.parametrize(("change", "problem"), FAULTS)
def test_a_faulty_pack_is_refused(change, problem):
    assert problem in wrong(change)


def test_all_faults_are_told_at_once():
    assert len(wrong(lambda c: (c["sources"].pop(), c["claim_words"].pop(), c["stages"].pop()))) == 3


def test_working_days_of_the_ccer_notice():
    """TV4: twenty working days from 17 July 2026, the first day counted."""
    rows = seeding.rows("holidays.csv")
    days = {
        kind: frozenset(date.fromisoformat(r["day"]) for r in rows if r["kind"] == kind) for kind in ("off", "work")
    }
    calendar = periods.Calendar(days["off"], days["work"], frozenset({2026}))
    assert periods.working_days_inclusive(date(2026, 7, 17), 20, calendar) == date(2026, 8, 13)
