"""The code number, the roles and the areas, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as peer

from accounts import rules
from accounts.rules import GRANTS, Kind, NotUscc, Permission, Role, UsccProblem, read_uscc

# TV1a, TV1c-e of the domain rules: code, weighted sum, check sign.
VALID = [
    ("91350100M000100Y43", 1640, "3"),
    ("91510100MA60000320", 1116, "0"),
    ("91510100MA600018XE", None, "E"),
    ("91510100MA6000040T", None, "T"),
]


@pytest.mark.parametrize(("code", "weighted", "check"), VALID)
def test_published_and_synthetic_codes_are_read(code, weighted, check):
    if weighted is not None:
        assert sum(rules.ALPHABET.index(a) * w for a, w in zip(code[:17], rules.WEIGHTS, strict=True)) == weighted
    assert rules.check_sign(code[:17]) == check
    assert read_uscc(code) == rules.Uscc(code, inner_matches=True)
    assert peer.is_valid(code)


def test_remainder_zero_gives_zero_and_nothing_else():
    first17 = "91510100MA6000032"
    others = [first17 + sign for sign in rules.ALPHABET[1:]]
    assert read_uscc(first17 + "0").code == first17 + "0"
    assert [problems(code) for code in others] == [(UsccProblem.CHECK,)] * 30


def problems(text):
    with pytest.raises(NotUscc) as caught:
        read_uscc(text)
    return caught.value.problems


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (UsccProblem.BLANK,)),
        ("  　", (UsccProblem.BLANK,)),
        ("91350100M000100Y4Z", (UsccProblem.LETTERS,)),
        ("91350100M000100Y42", (UsccProblem.CHECK,)),
        ("9135010OM000100Y43", (UsccProblem.LETTERS,)),
        ("91350100M000100Y4", (UsccProblem.LENGTH,)),
        ("91350100M000100Y433", (UsccProblem.LENGTH,)),
        ("81350100M0001", (UsccProblem.LENGTH,)),
        ("B1350100M000100Y43", (UsccProblem.DEPARTMENT,)),
        ("91A50100M000100Y43", (UsccProblem.REGION,)),
        ("B1A501", (UsccProblem.LENGTH, UsccProblem.DEPARTMENT)),
        ("01A50100MS", (UsccProblem.LENGTH, UsccProblem.LETTERS, UsccProblem.DEPARTMENT, UsccProblem.REGION)),
    ],
)
def test_everything_wrong_is_named_at_once(text, expected):
    assert problems(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "91510100ma60000320",
        " 9151 0100 MA60 0003 20 ",
        "９１５１０１００ＭＡ６００００３２０",
        "91510100\tMA6000032\u30000\n",
        "91510100-MA60000320",
    ],
)
def test_ways_of_writing_one_code_mean_one_code(text):
    assert read_uscc(text).code == "91510100MA60000320"


def test_an_o_is_never_taken_for_a_zero():
    with pytest.raises(NotUscc) as caught:
        read_uscc("915101O0MA60O00320")
    assert caught.value.letters == "O"


def test_an_older_inner_check_warns_and_no_more():
    first17 = "91510100MA6000033"
    found = read_uscc(first17 + rules.check_sign(first17))
    assert not found.inner_matches
    assert found.region_code == "510100"


ORGANISATION = st.text(alphabet="0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=8, max_size=8)


@given(number=ORGANISATION, region=st.integers(110000, 659999).map(str))
def test_composed_codes_read_back_and_agree_with_the_kept_library(number, region):
    code = rules.compose_uscc("91", region, number)
    assert read_uscc(code) == rules.Uscc(code, inner_matches=True)
    assert peer.is_valid(code)


@given(number=ORGANISATION, place=st.integers(0, 17), sign=st.sampled_from(rules.ALPHABET))
def test_one_changed_sign_is_always_noticed(number, place, sign):
    code = rules.compose_uscc("91", "510100", number)
    changed = code[:place] + sign + code[place + 1 :]
    if changed != code:
        assert problems(changed)


@given(number=ORGANISATION, place=st.integers(8, 15))
def test_two_neighbours_swapped_are_always_noticed(number, place):
    code = rules.compose_uscc("91", "510100", number)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if swapped != code:
        assert problems(swapped) == (UsccProblem.CHECK,)


def test_every_department_of_the_standard_is_accepted():
    for department in "123456789ANY":
        code = rules.compose_uscc(department + "1", "510100", "MA600003")
        assert read_uscc(code).code == code


@pytest.mark.parametrize(
    ("wider", "inside", "outside"),
    [
        ("000000", "510104", ""),
        ("100000", "110000", ""),
        ("510000", "510104", "500000"),
        ("510100", "510104", "510300"),
        ("510104", "510104", "510105"),
        ("513400", "513401", "513300"),
    ],
)
def test_an_area_covers_what_lies_in_it(wider, inside, outside):
    assert rules.covers(wider, inside)
    assert not rules.covers(wider, outside)


def test_no_area_covers_nothing_and_nothing_covers_no_area():
    assert not rules.covers("", "510100")
    assert not rules.covers("510100", "510000")


def test_a_regulator_is_verified_from_above_only():
    assert rules.may_verify("510000", "510100", Kind.REGULATOR)
    assert not rules.may_verify("510000", "510000", Kind.REGULATOR)
    assert rules.may_verify("510000", "510000", Kind.ORGANIZER)
    assert not rules.may_verify("510100", "510300", Kind.ORGANIZER)


def test_a_role_grants_only_what_the_kind_of_organization_has():
    assert rules.grants(Role.OWNER, Kind.ORGANIZER, Permission.PUBLISH, verified=True)
    assert not rules.grants(Role.OWNER, Kind.ORGANIZER, Permission.EVALUATE, verified=True)
    assert not rules.grants(Role.OWNER, Kind.EVALUATOR, Permission.PUBLISH, verified=True)
    assert not rules.grants(Role.VIEWER, Kind.ORGANIZER, Permission.EDIT_ACTIVITY, verified=True)


def test_unverified_organizations_prepare_and_nothing_more():
    allowed = {p for p in Permission if rules.grants(Role.OWNER, Kind.ORGANIZER, p, verified=False)}
    assert allowed == {
        Permission.MANAGE_MEMBERS,
        Permission.EDIT_ACTIVITY,
        Permission.FILE_INVENTORY,
        Permission.CHOOSE_UNITS,
        Permission.VIEW,
    }
    for kind in (Kind.EVALUATOR, Kind.REGISTRY, Kind.REGULATOR):
        assert {p for p in Permission if rules.grants(Role.OWNER, kind, p, verified=False)} == {
            Permission.MANAGE_MEMBERS,
            Permission.VIEW,
        }


def test_nobody_prepares_and_signs_under_the_smaller_role():
    assert not GRANTS[Role.PREPARER] & {Permission.RETIRE_UNITS, Permission.CONFIRM, Permission.PUBLISH}
    assert GRANTS[Role.ADMINISTRATOR] == {Permission.MANAGE_MEMBERS, Permission.VIEW}


def test_every_role_offered_in_a_kind_can_do_something_there_beyond_looking():
    for kind, roles in rules.ROLES.items():
        for role in roles:
            reach = GRANTS[role] & rules.POWERS[kind]
            assert reach != {Permission.VIEW} or role is Role.VIEWER, (kind, role)
