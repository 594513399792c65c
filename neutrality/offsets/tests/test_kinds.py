"""Kinds of units as anyone reads them: all that is known of each, and every rule pack's answer with its rule."""

import html
import re

import pytest
from django.urls import reverse

from neutrality.offsets import facts, rules, seeding, words
from neutrality.offsets.models import UnitKind
from neutrality.offsets.models.registries import Permanence
from neutrality.offsets.tests.factories import AT
from neutrality.rulebook import queries as rulebooks
from neutrality.rulebook import seeding as law

pytestmark = pytest.mark.django_db


@pytest.fixture
def kinds():
    law.seed(AT)
    seeding.seed(AT)
    return list(UnitKind.objects.select_related("registry"))


def seen(client, kind, language="en"):
    client.cookies["language"] = language
    page = client.get(reverse("offsets:kind", args=[kind.code]))
    assert page.status_code == 200
    return html.unescape(re.sub(r"\s+", " ", page.content.decode()))


def told(kind):
    """Every answer about a kind: (case, pack) -> (answer, rule)."""
    found = facts.eligibility(facts.kind_facts(kind), rulebooks.current(AT.date()))
    return {
        (case.value, pack.code): (verdict.answer.value, verdict.rule) for case, row in found for pack, verdict in row
    }


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_page_says_all_that_is_known_of_a_kind(client, kinds, language):
    for kind in kinds:
        page = seen(client, kind, language)
        zh = language != "en"
        issuer, vintage, document = (
            getattr(kind, f"{name}_{'zh' if zh else 'en'}") for name in ("issuer", "vintage", "document")
        )
        assert all([issuer, vintage, document]), kind.code
        for text in (issuer, vintage, document, words.SYNTAXES[rules.Syntax(kind.syntax)][1]):
            assert text in page, (kind.code, text)
        assert reverse("offsets:registry_show", args=[kind.registry.code]) in page


def test_every_rule_pack_answers_about_every_kind_with_a_rule(client, kinds):
    packs = rulebooks.current(AT.date())
    assert len(packs) == 4
    for kind in kinds:
        answers = told(kind)
        assert len(answers) == len(packs) * len(rules.cases(facts.kind_facts(kind)))
        page = seen(client, kind)
        for (_case, pack), (_answer, rule) in answers.items():
            assert rule in page
            assert reverse("portal:rulebook", args=[pack]) in page


def test_the_answers_of_the_rules():
    """R1.17 to R1.19, R2.7, R3.15, R3.29b, R3.30 and U4, under the national guide and Sichuan's plan."""
    law.seed(AT)
    seeding.seed(AT)
    national, sichuan = "cn-events-2019", "cn-sc-2021"

    def of(code, case="any"):
        found = told(UnitKind.objects.select_related("registry").get(code=code))
        return found[case, national][0], found[case, sichuan][0]

    assert of("cea") == ("yes", "yes")
    assert of("ccer", "early") == of("ccer", "outside_window") == ("no", "no")
    assert of("tcer") == of("lcer") == ("no", "no")
    assert of("sm-ticket") == of("bj-ticket") == ("no", "no")
    assert of("cdcer") == ("with_reason", "yes")  # the Sichuan plan names it (U4)
    assert of("vcu", "abroad")[0] == "with_reason"
    assert "yes" not in {answer for (case, _pack), (answer, _rule) in _foreign().items() if case == "abroad"}


def _foreign():
    return told(UnitKind.objects.select_related("registry").get(code="vcu"))


def test_an_example_is_a_number_of_its_syntax():
    assert set(words.SYNTAXES) == set(rules.Syntax)
    for syntax, (_said, example) in words.SYNTAXES.items():
        assert rules.parse(syntax, example).quantity > 0
    with pytest.raises(rules.NotASerial):
        rules.parse(rules.Syntax.VERRA, words.SYNTAXES[rules.Syntax.GOLD_STANDARD][1])


def test_new_planting_is_judged_by_the_same_packs(client, kinds):
    client.cookies["language"] = "en"
    page = client.get(reverse("offsets:new_planting")).content.decode()
    (row,) = [row for _case, row in facts.eligibility(facts.NEW_PLANTING, rulebooks.current(AT.date()))]
    assert len(row) == 4
    for pack, verdict in row:
        assert verdict.rule in page
        assert pack.code in page


def test_what_expires_says_so_and_what_does_not_is_silent(client, kinds):
    found = {kind.code: kind for kind in kinds}
    assert {code for code, kind in found.items() if kind.permanence == Permanence.EXPIRES} == {"tcer", "lcer"}
    warning = "They never stand behind a claim here"
    assert warning in seen(client, found["tcer"])
    assert warning not in seen(client, found["cer"])


def test_an_unknown_kind_is_no_page(client, db):
    assert client.get(reverse("offsets:kind", args=["nothing"])).status_code == 404
