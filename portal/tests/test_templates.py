"""Every template is used, whole, quiet (nothing inline), titled, labelled, and says no raw code."""

import ast
import re

import pytest
from django.template import TemplateDoesNotExist, engines
from django.template.loader_tags import BlockNode, ExtendsNode

from portal.tests import texts

TEMPLATES = texts.ROOT / "templates"
LIMIT = 150
# Found by name by Django or allauth, never named by us.
BY_CONVENTION = re.compile(r"(400|403|404|500)\.html|(django|account|allauth|mfa|usersessions|admin|socialaccount)/.*")
TAG = re.compile(r"{%.*?%}|{#.*?#}|{{.*?}}", re.S)
COMMENT = re.compile(r"{% comment %}.*?{% endcomment %}|{#.*?#}", re.S)
NAMED = re.compile(r"""{%\s*(?:include|extends)\s+["']([^"']+)["']""")
CODES = re.compile(
    r"{{\s*[\w.]*\.(state|kind|level|status|role|treatment|opinion|family|stage|mode|form|balance|verb)\s*}}"
)
# Words that are the same in both languages.
SAME = re.compile(
    r"&\w+;|CO₂e|\b(kg|JSON|CSV|XLSX|PDF|SHA|NDJSON|HTML|Qingzhang|English|CNY|GWP|AR\d|API|OpenAPI|QR|Merkle|RFC|URL|"
    r"CC|BY|tCO|USCC|Parquet|curl|python3|sha256sum)\b"
)


def sources() -> dict[str, str]:
    return {str(path.relative_to(TEMPLATES)): path.read_text("utf-8") for path in texts.template_files()}


def quiet(source: str) -> str:
    """The source without comments."""
    return COMMENT.sub("", source)


def named_by_python() -> tuple[set[str], set[str]]:
    """Whole template names, and the beginnings of names that are completed at run time (room/claims/<code>.html)."""
    whole, begun = set(), set()
    for path in texts.python_files():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if re.fullmatch(r"\w+/[\w/]+\.(html|txt)", node.value):
                    whole.add(node.value)
            elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                begun.add(node.values[0].value)
    return whole, {text for text in begun if re.fullmatch(r"\w+/[\w/]*", text)}


def lineage(name: str) -> list:
    """The template and those it extends, nearest first."""
    chain = [engines["django"].engine.get_template(name)]
    while parents := chain[-1].nodelist.get_nodes_by_type(ExtendsNode):
        chain.append(engines["django"].engine.get_template(parents[0].parent_name.var))
    return chain


def pages() -> list[str]:
    """Templates that are a whole page."""
    return [
        name for name, text in sources().items() if "{% extends" in text and not name.startswith("allauth/elements")
    ]


def test_no_template_is_missing_and_each_compiles():
    whole, _ = named_by_python()
    wanted = set(sources()) | whole | {name for text in sources().values() for name in NAMED.findall(quiet(text))}
    missing = []
    for name in sorted(wanted):
        try:
            engines["django"].engine.get_template(name)
        except TemplateDoesNotExist as problem:
            missing.append(f"{name}: {problem}")
    assert not missing, "\n".join(missing)


def test_no_template_is_unused():
    whole, begun = named_by_python()
    used = whole | {name for text in sources().values() for name in NAMED.findall(quiet(text))}
    unused = [
        name
        for name in sources()
        if name not in used and not BY_CONVENTION.fullmatch(name) and not any(name.startswith(b) for b in begun)
    ]
    assert not unused, unused


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("inline script", r"<script(?![^>]*\bsrc=)"),
        ("inline style", r"<style|\sstyle\s*="),
        ("event attribute", r"<[^>]*\son[a-z]+\s*="),
        ("script address", r"javascript:"),
        ("outside resource", r"<(?:script|link|img|iframe|source)[^>]*(?:src|href)=[\"'](?:https?:)?//"),
        ("unescaped output", r"\|\s*safe\b(?!.*help_text)|{%\s*autoescape off"),
    ],
)
def test_templates_stay_within_the_content_policy(what, pattern):
    found = []
    for name, text in sources().items():
        if name == "django/forms/field.html" and what == "unescaped output":
            continue  # help texts are ours and may hold links, as in Django's own template
        if name.endswith(".txt") and what == "unescaped output":
            continue  # letters are plain text
        found += [f"{name}: {match.group()[:60]}" for match in re.finditer(pattern, quiet(text))]
    assert not found, f"{what}: " + "\n".join(found)


def test_every_page_has_a_title_and_a_description():
    bare = []
    for name in pages():
        blocks = {block.name for each in lineage(name)[:-1] for block in each.nodelist.get_nodes_by_type(BlockNode)}
        if lineage(name)[-1].name == "base.html" and not {"title", "description"} <= blocks:
            bare.append(name)
    assert not bare, bare


def test_templates_are_short():
    long = {name: text.count("\n") for name, text in sources().items() if text.count("\n") > LIMIT}
    assert not long, long


def test_every_hand_written_field_has_a_label():
    bare = []
    for name, text in sources().items():
        flat = TAG.sub("x", quiet(text))
        labelled = set(re.findall(r"<label[^>]*\bfor=\"([^\"]+)\"", flat))
        for tag in re.findall(r"<(?:input|select|textarea)\b[^>]*>", flat):
            identity = re.search(r"\bid=\"([^\"]+)\"", tag)
            silent = re.search(r"type=\"(hidden|submit|button)\"", tag) or re.search(r"aria-label(ledby)?=", tag)
            wrapped = re.search(r"<label[^>]*>(?:(?!</label>).)*" + re.escape(tag), flat, re.S)
            if not silent and not wrapped and not (identity and identity.group(1) in labelled):
                bare.append(f"{name}: {tag}")
    assert not bare, "\n".join(bare)


def test_a_page_with_a_form_shows_its_errors_in_one_place():
    """Where `form` is printed and posted, the summary that receives focus is printed too."""
    bare = [
        name
        for name, text in sources().items()
        if re.search(r"<form[^>]*method=\"post\"", text)
        and re.search(r"{{\s*form\s*}}", text)
        and "components/errors.html" not in text
    ]
    assert not bare, bare


def _in_text(source: str, at: int) -> bool:
    """Whether a place of the source is text and not inside an HTML tag."""
    before = TAG.sub(lambda match: "x" * len(match.group()), source[:at])
    return before.rfind("<") <= before.rfind(">")


def test_no_raw_code_is_shown():
    found = [
        f"{name}: {match.group()}"
        for name, text in sources().items()
        for match in CODES.finditer(text)
        if _in_text(text, match.start()) and not text[: match.start()].endswith(("<code>", "{% block description %}"))
    ]
    assert not found, "\n".join(found)


def test_no_words_outside_the_catalogues():
    found = []
    for name, text in sources().items():
        if name == "500.html":
            continue  # both languages stand on it, for it must not need the catalogues
        flat = re.sub(r"{% (blocktranslate|verbatim).*?{% end\1 %}", " ", quiet(text), flags=re.S)
        flat = re.sub(r"<(style|script|code|kbd|samp)\b.*?</\1>", " ", TAG.sub(" ", flat), flags=re.S)
        flat = re.sub(r"<[^>]*\blang=\"[^\"]+\"[^>]*>[^<]*", " ", flat)
        words = SAME.sub(" ", re.sub(r"<[^>]+>", " ", flat))
        found += [f"{name}: {word}" for word in re.findall(r"[A-Za-z]{3,}|[\u3400-\u9fff]+", words)]
    assert not found, "\n".join(found)


def test_the_checks_can_fail():
    """Negative control of the patterns above."""
    assert CODES.search("<p>{{ activity.state }}</p>")
    assert not CODES.search("{{ activity.get_state_display }}")
    assert not _in_text('<p class="a-{{ x.state }}">', 12)
    assert _in_text("<p>{{ x.state }}", 3)
    assert SAME.sub("", "kg CO₂e").strip() == ""


# The words above a column and the unit behind them; on a narrow screen they stand beside each cell instead.
HEAD = re.compile(r'{% translate "([^"]+)" %} <span class="unit">(.*?)</span>')


def without_unit(source: str) -> set[str]:
    """Columns whose heads name a unit that a cell of theirs does not."""
    lacking = set()
    for label, unit in HEAD.findall(source):
        wanted = f""" data-unit="{unit.replace('"', "'")}\""""
        cells = re.findall(rf"""data-label="{{% translate '{re.escape(label)}' %}}"( data-unit="[^"]*")?""", source)
        lacking |= {label} if set(cells) - {wanted} else set()
    return lacking


def test_cells_keep_their_units_where_the_heads_are_gone():
    cards = {name: text for name, text in sources().items() if "table-cards" in text}
    assert sum(len(HEAD.findall(text)) for text in cards.values()) > 15
    lacking = {name: labels for name, text in cards.items() if (labels := without_unit(text))}
    assert not lacking
    spoilt = cards["offsets/_offers.html"].replace(' data-unit="t"', "")
    assert without_unit(spoilt) == {"On offer"}
