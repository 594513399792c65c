"""Codes, keys, wording, search words, refusals."""

import re

import pytest
from django import forms
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from neutrality import search, wording
from neutrality.codes import ALPHABET, new_code
from neutrality.keys import new_key
from neutrality.quantities import NotANumber
from neutrality.refusals import Problem, Refusal


class NotDraft(Refusal):
    code = "not_draft"
    message = "Start a correction instead."


def test_codes():
    assert re.fullmatch(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", new_code())
    assert re.fullmatch(rf"P-[{ALPHABET}]{{4}}", new_code("P", groups=1))
    assert len({new_code() for _ in range(2000)}) == 2000
    assert not set(ALPHABET) & set("AEIOU01L")


def test_keys_differ():
    assert new_key() != new_key()


def test_pick():
    with override("zh-hans"):
        assert (wording.pick("青", "green"), wording.pick("", "green")) == ("青", "green")
    with override("en"):
        assert (wording.pick("青", "green"), wording.pick("青", "")) == ("green", "青")


def test_every_unreadable_number_has_words():
    assert set(wording.UNREADABLE) == set(NotANumber.CODES)
    assert all(str(wording.unreadable(NotANumber(code))) for code in NotANumber.CODES)


def test_tokens():
    assert search.tokens("成都 Marathon-2026") == "2026 marathon 成 成都 都"
    assert search.tokens("", "  ") == ""


def test_query_of_nothing():
    assert search.query(" ，!' ") is None


@given(st.text(max_size=200))
def test_tokens_and_queries_hold_nothing_to_escape(text):
    assert not set("'\"\\:&|!()*<>\t\n\0") & set(search.tokens(text))


def test_refusal_shapes():
    plain = Refusal("too_late", "It is over.", field="day")
    assert (plain.code, plain.problems) == ("too_late", (Problem("too_late", "It is over.", "day"),))
    assert (NotDraft().code, str(NotDraft())) == ("not_draft", "Start a correction instead.")
    assert (NotDraft("Because.").code, str(NotDraft("Because."))) == ("not_draft", "Because.")
    many = NotDraft.many([Problem("a", "one", row=3), Problem("b", "two", field="x")])
    assert (type(many), many.code, str(many)) == (NotDraft, "a", "3: one\ntwo")
    with pytest.raises(ValueError, match="at least one"):
        Refusal.many([])


def test_refusal_lands_beside_its_field():
    form = forms.Form({})
    form.fields["day"] = forms.CharField(required=False)
    Refusal.many([Problem("a", "on day", field="day"), Problem("b", "elsewhere", field="gone")]).put_on(form)
    assert form.errors == {"day": ["on day"], "__all__": ["elsewhere"]}
