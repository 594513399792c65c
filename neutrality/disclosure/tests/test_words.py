"""The words of claims stand in one place, to the letter of R1.39, and nowhere else."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings
from django.utils.translation import override

from neutrality.disclosure.rules import Claim
from neutrality.disclosure.templatetags.claims import words
from neutrality.disclosure.words import CLAIM_SHORT
from neutrality.rulebook.rules import ClaimCode
from neutrality.rulebook.seeding import pack

ROOT = settings.BASE_DIR
CLAIMS = ROOT / "templates" / "disclosure" / "claims"
SAID = {
    ClaimCode.NONE: Claim(ClaimCode.NONE),
    ClaimCode.COMMITTED: Claim(ClaimCode.COMMITTED, on=date(2026, 12, 31)),
    ClaimCode.ACCOUNTING: Claim(ClaimCode.ACCOUNTING),
    ClaimCode.PARTLY_OFFSET: Claim(ClaimCode.PARTLY_OFFSET, Decimal("103150"), 103, 99),
    ClaimCode.AWAITING_CONFIRMATION: Claim(ClaimCode.AWAITING_CONFIRMATION, Decimal("103150"), 104, 100),
    ClaimCode.NEUTRAL_SELF_DECLARED: Claim(ClaimCode.NEUTRAL_SELF_DECLARED, Decimal("103150"), 104, 100),
    ClaimCode.NEUTRAL_EVALUATED: Claim(ClaimCode.NEUTRAL_EVALUATED, Decimal("103150"), 104, 100, body="甲评价中心"),
    ClaimCode.NOT_ACHIEVED: Claim(ClaimCode.NOT_ACHIEVED, Decimal("100000"), 60, 60),
    ClaimCode.UNDER_REVIEW: Claim(ClaimCode.UNDER_REVIEW, on=date(2026, 6, 1), reason="异议"),
    ClaimCode.WITHDRAWN: Claim(ClaimCode.WITHDRAWN, on=date(2026, 6, 1), reason="有误"),
    ClaimCode.CANCELLED: Claim(ClaimCode.CANCELLED, on=date(2026, 6, 1)),
    ClaimCode.EXPIRED: Claim(ClaimCode.EXPIRED, on=date(2026, 6, 1)),
}
VARIANTS = [
    Claim(ClaimCode.COMMITTED),
    Claim(ClaimCode.PARTLY_OFFSET, Decimal("103150"), 0, 0),
    Claim(ClaimCode.PARTLY_OFFSET, Decimal("103150"), 200, 100, partial=True),
    Claim(ClaimCode.AWAITING_CONFIRMATION, Decimal("103150"), 104, 100, confirmed=True),
    Claim(ClaimCode.NOT_ACHIEVED),
    Claim(ClaimCode.NOT_ACHIEVED, Decimal("103150"), 200, 100, partial=True),
    Claim(ClaimCode.UNDER_REVIEW, Decimal("103150"), 100, 96, on=date(2026, 6, 1), void=4),
]


def of_the_pack(code, said, language):
    """What the national rule pack says, with the same figures."""
    entry = next(one for one in pack("cn-events-2019")["claim_words"] if one["code"] == code)
    total = f"{said.total_kg / 1000:,.3f}" if said.total_kg is not None else ""
    values = {"on": said.on, "total": total, "done": said.units, "percent": said.percent, "body": said.body}
    return entry[f"words_{language}"].format(**values, reason=said.reason)


@pytest.mark.parametrize("code", ClaimCode)
@pytest.mark.parametrize(("language", "pair"), [("zh-hans", "zh"), ("en", "en")])
def test_the_words_are_those_of_the_rules(code, language, pair):
    with override(language):
        assert words(SAID[code]) == of_the_pack(code, SAID[code], pair)


def forbidden(code, language):
    entry = next(one for one in pack("cn-events-2019")["claim_words"] if one["code"] == code)
    return entry[f"forbidden_{language}"]


@pytest.mark.parametrize(
    "said", [*SAID.values(), *VARIANTS], ids=lambda said: f"{said.code}-{said.partial}-{said.units}"
)
@pytest.mark.parametrize(("language", "pair"), [("zh-hans", "zh"), ("en", "en")])
def test_no_forbidden_word_is_used(said, language, pair):
    with override(language):
        text = words(said).lower()
    assert [word for word in forbidden(said.code, pair) if word.lower() in text] == []
    assert text


def test_every_code_has_one_template_and_a_short_name():
    assert {path.stem for path in CLAIMS.glob("*.html")} == {code.value for code in ClaimCode} == set(CLAIM_SHORT)


# Words that say of something that it is neutral. "Carbon-neutral activities" names the subject of the portal.
CLAIMING = re.compile(
    r"carbon[- ]neutral(?!ity| activit)|neutrality (?:was |is |has been )?(?:achieved|reached)|"
    r"achieved carbon neutrality|net[- ]zero|zero[- ]carbon|climate[- ]neutral|实现了?碳中和|达到碳中和|零碳|净零",
    re.I,
)
# Sentences about the rules themselves, not about any activity.
ABOUT_THE_RULES = {
    "templates/portal/_wording.html",
    "templates/portal/methodology.html",
    "portal/demonstration/lists.py",  # a false claim, quoted as the fact of a black-list entry
}


PLACES = {"templates": "*.html", "static/js": "*.js", "portal": "*.py", "neutrality": "*.py", "accounts": "*.py"}


def spoken():
    """Every template, script and Python file that can put words on a page, with the words it holds."""
    for top, pattern in PLACES.items():
        for path in (ROOT / top).rglob(pattern):
            name = str(path.relative_to(ROOT))
            if CLAIMS not in path.parents and "tests" not in path.parts and name not in ABOUT_THE_RULES:
                yield name, path.read_text("utf-8")


def claiming(text):
    """Lines that claim; comments and docstrings tell people what the code does, not the public."""
    text = re.sub(r'"""(?:.|\n)*?"""|(?m:#.*$)|{#.*?#}|{% comment %}(?:.|\n)*?{% endcomment %}', "", text)
    return [match.group(0) for match in CLAIMING.finditer(text)]


def test_no_other_text_can_say_neutral():
    assert {name: claiming(text) for name, text in spoken() if claiming(text)} == {}


@pytest.mark.parametrize("text", ["<p>A carbon-neutral event</p>", "已实现碳中和", "title = 'Net zero!'", "零碳大会"])
def test_such_a_text_would_be_found(text):
    """Control."""
    assert claiming(text)


def test_a_claim_is_escaped():
    said = replace(SAID[ClaimCode.WITHDRAWN], reason="<b>x</b>")
    assert "<b>" not in words(said)
