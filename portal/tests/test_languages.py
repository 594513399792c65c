"""Both languages are complete, agree with each other, and keep every number and placeholder (F24)."""

import re
from collections import defaultdict

import polib

from portal import catalogues
from portal.tests import texts

CJK = "\u3400-\u9fff"
HALF_WIDTH_STOP = re.compile(rf"[{CJK}][,;:?!](?:\s|$|[{CJK}])")


def entries() -> list[tuple[str, polib.POEntry]]:
    """(catalogue, entry) of every message of every room."""
    return [
        (str(path.relative_to(texts.ROOT)), entry)
        for path in catalogues.sources()
        for entry in polib.pofile(str(path))
        if not entry.obsolete
    ]


def said(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def key_of(entry: polib.POEntry) -> str:
    return texts.keyed(entry.msgctxt, entry.msgid)


def catalogue_messages() -> set[str]:
    return {
        texts.keyed(entry.msgctxt, text) for _, entry in entries() for text in (entry.msgid, entry.msgid_plural) if text
    }


def test_every_sentence_of_the_house_is_translated():
    known = catalogue_messages()
    missing = {message: files for message, files in texts.collected().items() if message not in known}
    assert not missing, "\n".join(f"{files[0]}: {message!r}" for message, files in sorted(missing.items()))


def test_no_translation_is_empty_or_doubtful():
    wrong = [f"{where}: {e.msgid!r}" for where, e in entries() if e.fuzzy or not all(text.strip() for text in said(e))]
    assert not wrong, "\n".join(wrong)


def test_one_sentence_is_translated_in_one_way():
    ways = defaultdict(set)
    for _, entry in entries():
        ways[(entry.msgctxt, entry.msgid)].add(tuple(said(entry)))
    two_ways = {key: sorted(value) for key, value in ways.items() if len(value) > 1}
    assert not two_ways, "\n".join(f"{key[1]!r}: {value}" for key, value in two_ways.items())


def test_no_translation_is_left_over():
    spoken = set(texts.collected())
    left = [f"{where}: {entry.msgid!r}" for where, entry in entries() if key_of(entry) not in spoken]
    assert not left, "\n".join(left)


def test_placeholders_agree():
    wrong = []
    for where, entry in entries():
        wanted = [set(texts.PLACEHOLDER.findall(text)) for text in (entry.msgid, entry.msgid_plural) if text]
        wrong += [
            f"{where}: {entry.msgid!r} → {text!r}"
            for text in said(entry)
            if set(texts.PLACEHOLDER.findall(text)) not in wanted
        ]
    assert not wrong, "\n".join(wrong)


def test_numbers_agree():
    wrong = []
    for where, entry in entries():
        for text in said(entry):
            plain, translated = (texts.PLACEHOLDER.sub("", each) for each in (entry.msgid_plural or entry.msgid, text))
            if sorted(texts.NUMBER.findall(plain)) != sorted(texts.NUMBER.findall(translated)):
                wrong.append(f"{where}: {entry.msgid!r} → {text!r}")
    assert not wrong, "\n".join(wrong)


def test_chinese_uses_chinese_stops():
    wrong = [f"{where}: {text!r}" for where, e in entries() for text in said(e) if HALF_WIDTH_STOP.search(text)]
    assert not wrong, "\n".join(wrong)


def test_every_message_can_be_seen_by_a_translator():
    hidden = [
        f"{path.relative_to(texts.ROOT)}:{line}"
        for path in texts.python_files()
        for line in texts.of_python(path.read_text("utf-8"))[1]
    ]
    assert not hidden, f"translated text must be a plain literal: {hidden}"


def test_the_collector_sees_what_it_must():
    """Negative control: the checks above stand on these two functions."""
    code = "from django.utils.translation import gettext_lazy as _, ngettext\n_('One')\nngettext('a', 'b', n)\n_(name)"
    assert texts.of_python(code) == ({"One", "a", "b"}, [4])
    assert texts.of_python("from django.utils.translation import pgettext as p\np('c', 'd')")[0] == {"c\x04d"}
    page = (
        "{% load i18n %}{% translate 'Two' %}{{ _('Three') }}{% include 'x' with y=_(\"Fo'ur\") only %}"
        "{% blocktranslate trimmed with a=b count c=d %}Five\n {{ a }}{% plural %}Six 100%{% endblocktranslate %}"
    )
    assert texts.of_template(page) == {"Two", "Three", "Fo'ur", "Five %(a)s", "Six 100%%"}


# One word for one thing (glossary): rendering → what the house says instead.
FORBIDDEN = {
    "主办方": "组织者",
    "组织方": "组织者",
    "贵组织": "贵单位",
    "该组织": "该单位",
    "碳中立": "碳中和",
    "炭": "碳",
    "盘查": "核算",
    "碳补偿": "抵销",
    "登出": "退出登录",
}


def test_the_glossary_is_kept():
    wrong = [
        f"{where}: {text!r}: {instead}"
        for where, entry in entries()
        for text in said(entry)
        for rendering, instead in FORBIDDEN.items()
        if rendering in text
    ]
    assert not wrong, "\n".join(wrong)
