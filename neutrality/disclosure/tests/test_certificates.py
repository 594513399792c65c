"""Certificate and badge: never more than the claim, always the state now."""

import xml.etree.ElementTree as ElementTree
from dataclasses import asdict, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import override

from neutrality.disclosure import access, badge, certifying, operations, queries, rules
from neutrality.disclosure.models import Statement
from neutrality.disclosure.templatetags.claims import words
from neutrality.disclosure.tests.factories import AFTER, ON, make_settled, make_statement, publish
from neutrality.disclosure.tests.test_words import CLAIMING, SAID, VARIANTS
from neutrality.offsets.models import Block
from neutrality.offsets.tests.factories import make_retirement, make_void
from neutrality.printing.typesetting import Frame
from neutrality.rulebook.rules import ClaimCode

pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"


def again(statement):
    columns = ("activity__organization", "activity__rulebook", "withdrawal", "successor")
    return Statement.objects.select_related(*columns).get(pk=statement.pk)


def certified(statement, on=ON, language="zh"):
    with override({"zh": "zh-hans"}.get(language, language)):
        return certifying.statement(again(statement), Frame(language, on, "https://portal.example.cn/check/"))


def drawn(statement, on=ON, monochrome=False, language="zh-hans"):
    with override(language):
        return badge.svg(again(statement), on, monochrome=monochrome)


def spoken(statement, on=ON):
    activity = again(statement).activity
    with override("zh-hans"):
        return str(words(queries.claim(activity, on)))


def said_in(svg):
    """The words of a badge, whatever the lines they were broken into."""
    return "".join(text.text for text in ElementTree.fromstring(svg).iter(f"{SVG}text")).replace("\u00a0", "")


def bare(text):
    return "".join(text.split())


def claims_in(certificate):
    """Claiming words anywhere but in the lead."""
    told = asdict(certificate) | {"lead": ""}
    return CLAIMING.findall(str(told))


def settled():
    return make_statement()


def short():
    return make_statement(60)


def under_review():
    found = make_statement()
    make_void(Block.objects.get(retirements__activity=found.activity), 4)
    return found


def withdrawn():
    found = make_statement()
    operations.withdraw(statement=found, reason="清单有误", by=found.published_by, at=AFTER)
    return found


LIVES = [
    (settled, ClaimCode.NEUTRAL_SELF_DECLARED, "good"),
    (short, ClaimCode.PARTLY_OFFSET, "wait"),
    (under_review, ClaimCode.UNDER_REVIEW, "bad"),
    (withdrawn, ClaimCode.WITHDRAWN, "bad"),
]


@pytest.mark.parametrize(("make", "code", "tone"), LIVES, ids=[row[1].value for row in LIVES])
def test_certificate_and_badge_say_the_claim_and_no_more(make, code, tone):
    found = make()
    made, picture = certified(found), drawn(found)
    assert queries.claim(again(found).activity, ON).code is code
    assert made.lead == spoken(found)
    assert made.tone == tone
    assert bool(made.seal) is (code is ClaimCode.NEUTRAL_SELF_DECLARED)
    assert claims_in(made) == []
    assert bare(spoken(found)) in bare(said_in(picture))
    balance = {ClaimCode.NEUTRAL_SELF_DECLARED: "已结清", ClaimCode.PARTLY_OFFSET: "尚缺 44 t"}.get(code)
    assert (balance in str(made.sums)) if balance else len(made.sums) == 3
    assert bare(balance or "已结清") in bare(said_in(picture)) or balance is None


def test_a_muted_claim_shows_no_sum_that_adds_up():
    """Control for the line above: withdrawn, and yet 104 t for 103.150 t would read "settled"."""
    found = withdrawn()
    facts = queries.live(again(found).activity, ON)
    assert rules.balance(facts.total_kg, facts.units).state in ("settled", "surplus")
    assert "结清" not in str(certified(found).sums)
    assert "结清" not in said_in(drawn(found))


def test_an_expired_claim_and_an_unstated_account(monkeypatch):
    found = make_statement()
    facts = queries.live(found.activity, ON)
    for over, code in (
        ({"expired_on": date(2026, 8, 1)}, ClaimCode.EXPIRED),
        ({"published": False}, ClaimCode.AWAITING_CONFIRMATION),
    ):
        later = replace(facts, **over)
        monkeypatch.setattr(queries, "live", lambda activity, on, later=later: later)
        made = certified(found)
        assert rules.claim(later).code is code
        assert (made.seal, made.tone, claims_in(made)) == ("", "wait", [])
        assert made.lead in said_in(drawn(found)).replace("\u00a0", " ") or bare(made.lead) in bare(
            said_in(drawn(found))
        )


def test_both_change_by_themselves_and_their_versions_with_them():
    found = make_statement()
    before, picture = certified(found), drawn(found)
    assert before.version == certified(found).version
    make_void(Block.objects.get(retirements__activity=found.activity), 4)
    assert certified(found).version != before.version
    assert drawn(found) != picture
    make_retirement(found.activity, 4)
    assert certified(found).seal


def test_a_replaced_statement_lends_its_figures_to_no_claim():
    activity = make_settled()
    old = publish(activity)
    make_retirement(activity, 1)
    new = publish(activity, correction="补充注销", at=AFTER + timedelta(days=1))
    made = certified(old, ON + timedelta(days=1))
    assert (made.seal, made.tone, len(made.sums)) == ("", "wait", 3)
    assert new.number in made.lead
    assert CLAIMING.findall(str(asdict(made))) == []
    assert certified(new, ON + timedelta(days=1)).seal  # the newest bears the words


def test_the_paper_names_what_it_rests_on():
    found = make_statement()
    made = certified(found)
    told = str(asdict(made))
    for text in (
        found.digest,
        found.inventory.digest,
        found.number,
        made.check_code,
        "103.150",
        found.activity.name_zh,
    ):
        assert text in told
    assert made.table.rows[0][0] == found.content["units"][0]["serial"]
    assert made.address == f"https://portal.example.cn/check/{made.check_code}/"
    assert made.receipt[0][1].isdigit()


@pytest.mark.parametrize("runs", [1, 3])
def test_the_paper_asks_as_often_for_many_runs(runs, django_assert_num_queries):
    activity = make_settled(units=0)
    for _run in range(runs):
        make_retirement(activity, 40)
    number = publish(activity).number
    with override("zh-hans"), django_assert_num_queries(5):
        found = access.statement(number)
        assert len(certifying.statement(found, Frame("zh", ON, "https://portal.example.cn/check/")).table.rows) == runs


def test_the_same_facts_make_the_same_paper_in_either_language():
    found = make_statement()
    for language in ("zh", "en"):
        assert certified(found, language=language).pdf() == certified(found, language=language).pdf()
    chinese, english = certified(found), certified(found, language="en")
    assert [pair[1] for pair in chinese.sums[:3]] == [pair[1] for pair in english.sums[:3]]


@pytest.mark.parametrize(
    "said", [*SAID.values(), *VARIANTS], ids=lambda said: f"{said.code}-{said.units}-{said.partial}"
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_sentence_is_the_claims_own(said, language):
    with override(language):
        assert certifying.sentence(said) == str(words(said)).replace("&#x27;", "'").replace("&amp;", "&")


HOSTILE = "</text><script>alert(1)</script>&\x0b\u202e“" + "长" * 200


def test_a_badge_is_plain_quiet_xml_whatever_the_names(monkeypatch):
    found = make_statement()
    monkeypatch.setattr(badge.book, "named", lambda name: HOSTILE)
    svg = drawn(found)
    tree = ElementTree.fromstring(svg)
    tags = {element.tag.removeprefix(SVG) for element in tree.iter()}
    assert tags <= {"svg", "title", "rect", "path", "circle", "text"}
    assert not any(name.startswith("on") or "href" in name for element in tree.iter() for name in element.attrib)
    assert all(0 < int(line.attrib["y"]) < int(tree.attrib["height"]) for line in tree.iter(f"{SVG}text"))
    assert len(svg) < 4000


def test_a_reason_of_a_thousand_signs_is_shortened_on_the_badge_alone():
    found = make_statement()
    operations.withdraw(statement=found, reason="错" * 1000, by=found.published_by, at=AFTER)
    assert len(said_in(drawn(found))) < 200
    assert certified(found).lead.count("错") == 1000


def test_monochrome_uses_ink_alone():
    svg = drawn(make_statement(60), monochrome=True)
    assert not any(colour in svg for colour in badge.COLOURS.values())
    assert drawn(make_statement(60)) != svg


def test_the_badge_answers_honestly(client):
    found = make_statement()
    address = f"/statements/{found.number}/badge.en.svg"
    first = client.get(address, headers={"accept-language": "zh-hans"})
    assert first["Content-Type"] == "image/svg+xml"
    assert (first["Content-Language"], b'lang="en"' in first.content) == ("en", True)
    assert first["Cache-Control"] == "no-cache"
    assert first["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Set-Cookie" not in first
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    make_void(Block.objects.get(retirements__activity=found.activity), 4)
    changed = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (changed.status_code, b"found invalid" in changed.content) == (200, True)
    assert client.get("/statements/S-2222-2222/badge.en.svg").status_code == 404
    assert client.get(f"/statements/{found.number}/badge.fr.svg").status_code == 404


def test_the_template_of_certificates_holds_no_words():
    """Every word comes from the catalogues, so no sentence can stand on paper that stands on no page."""
    text = Path(settings.BASE_DIR / "templates/printing/certificate.typ").read_text("utf-8")
    code = "\n".join(line.split("//")[0] for line in text.splitlines())
    assert not any("\u4e00" <= sign <= "\u9fff" for sign in code)
    assert CLAIMING.findall(code) == []
