"""A code leads back to its number, and a slip is noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neutrality.codes import ALPHABET as NUMBER_SIGNS
from neutrality.codes import new_code
from neutrality.printing import checkcodes
from neutrality.printing.checkcodes import ALPHABET, Kind, NotACode, code, read

numbers = st.text(NUMBER_SIGNS, min_size=8, max_size=8).map(lambda text: f"{text[:4]}-{text[4:]}")
kinds = st.sampled_from(list(Kind))


def printed(kind, bare):
    return code(kind, checkcodes.PREFIXES[kind] + bare)


@given(kinds, numbers)
def test_a_code_leads_back_to_kind_and_number(kind, bare):
    found = printed(kind, bare)
    assert len(found) == 11
    assert read(found) == (kind, checkcodes.PREFIXES[kind] + bare)


def test_the_last_number_of_the_last_kind_still_fits():
    assert read(printed(list(Kind)[-1], "ZZZZ-ZZZZ"))[1] == "ZZZZ-ZZZZ"
    assert len(Kind) * checkcodes.NUMBERS <= checkcodes.SIZE**checkcodes.PLACES


def test_numbers_the_house_makes_have_codes():
    assert read(code(Kind.STATEMENT, new_code("S")))[0] is Kind.STATEMENT
    assert read(code(Kind.CANCELLATION, new_code()))[0] is Kind.CANCELLATION


@given(kinds, numbers, st.integers(0, 9), st.sampled_from(ALPHABET))
def test_every_wrong_sign_is_noticed(kind, bare, place, sign):
    signs = list(printed(kind, bare).replace("-", ""))
    if signs[place] == sign:
        return
    signs[place] = sign
    with pytest.raises(NotACode):
        read("".join(signs))


@given(kinds, numbers, st.integers(0, 9), st.integers(0, 9))
def test_every_two_signs_that_changed_places_are_noticed(kind, bare, one, other):
    signs = list(printed(kind, bare).replace("-", ""))
    if signs[one] == signs[other]:
        return
    signs[one], signs[other] = signs[other], signs[one]
    with pytest.raises(NotACode):
        read("".join(signs))


def test_a_plain_sum_would_miss_changed_places(monkeypatch):
    """Control: the weights are what notices them."""
    monkeypatch.setattr(checkcodes, "_check", lambda places: sum(places) % checkcodes.SIZE)
    signs = list(printed(Kind.STATEMENT, "B7K2-M9QX").replace("-", ""))
    first, second = next((i, i + 1) for i in range(8) if signs[i] != signs[i + 1])
    signs[first], signs[second] = signs[second], signs[first]
    assert read("".join(signs))


def test_what_hands_make_of_it_is_understood():
    assert code(Kind.STATEMENT, "S-B7K2-M9QX") == "3DH6F-57RHN"  # printed codes stay what they are, for ever
    same = ["3dh6f-57rhn", " 3DH6F 57RHN ", "３ＤＨ６Ｆ—５７ＲＨＮ", "3DHGF-S7RHN", "3DH6F57RHN"]
    assert {read(text) for text in same} == {(Kind.STATEMENT, "S-B7K2-M9QX")}


@pytest.mark.parametrize(
    "text", ["", "3DH6F", "3DH6F-57RHN2", "3DH6F-57RHO", "☃" * 10, "0" * 10, "A" * 4000, "\0" * 10]
)
def test_anything_else_is_no_code(text):
    with pytest.raises(NotACode):
        read(text)


@given(st.text(max_size=30))
def test_no_text_breaks_it(text):
    try:
        kind, number = read(text)
    except NotACode:
        return
    assert code(kind, number)


@pytest.mark.parametrize("number", ["S-1", "B7K2-M9QX", "S-B7K2-M9Q0", ""])
def test_a_number_of_another_form_has_no_code(number):
    with pytest.raises(ValueError, match="no public number"):
        code(Kind.STATEMENT, number)


def test_no_two_signs_of_the_alphabet_are_mistaken_for_each_other():
    pairs = ("0OQD", "1IL", "2Z", "5S", "6G", "8B", "UV")
    assert [pair for pair in pairs if len(set(pair) & set(ALPHABET)) > 1] == []
    assert not set("AEIOU") & set(ALPHABET)
