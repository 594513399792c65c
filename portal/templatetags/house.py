"""How values are shown: the same digits in both languages, never a bare amount, never a raw code.

Filters: tonnes, tonnes_value, kg, units, number, factor, percent, day, moment, unlocal, pair, words, with_blanks,
message_tone, step_words. Tags: balance_words, nav_link, nav_links, collect_errors, json_ld. Charts have a library of
their own.
"""

import datetime
import json
import re
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import NamedTuple

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from neutrality import quantities, wording
from neutrality.disclosure.words import balance as balance_text
from portal.words import BLANKS, MENUS, TABLES

register = template.Library()

NONE = "—"
JSON_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def as_decimal(value) -> Decimal | None:
    """The number in `value`, or None where there is none; a float is a programming error."""
    if value is None or value == "":
        return None
    if isinstance(value, float):
        raise TypeError("amounts are Decimal or int, never float")
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def plain(value: Decimal) -> str:
    """Digits without exponent and without trailing zeros after the point: 0.5306, 12, 1500."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def tonnes(kg) -> str:
    """kg as tonnes with three places, thousands separated: 1,448.500."""
    amount = as_decimal(kg)
    return NONE if amount is None else f"{quantities.shown_t(amount):,f}"


@register.filter
def tonnes_value(kg) -> str:
    """kg as the machine value in tonnes, exact: 63.1143031."""
    amount = as_decimal(kg)
    return "" if amount is None else plain(quantities.tonnes(amount))


@register.filter(name="kg")
def kilograms(value) -> str:
    """Kilograms as kept, without trailing zeros, thousands separated: 63,114.3031."""
    return number(value)


@register.filter
def units(value) -> str:
    """Whole tonnes of units: 20,745."""
    amount = as_decimal(value)
    return NONE if amount is None else f"{int(amount):,d}"


@register.filter
def number(value) -> str:
    """Any number, thousands separated, trailing zeros dropped: 10,000 or 0.5306."""
    amount = as_decimal(value)
    if amount is None:
        return NONE
    whole, point, places = plain(abs(amount)).partition(".")
    return f"{'−' if amount < 0 else ''}{int(whole):,d}{point}{places}"


@register.filter
def factor(value) -> str:
    """An emission factor as published, thousands separated, trailing zeros dropped."""
    return number(value)


@register.filter
def percent(value) -> str:
    """A share that is already in percent: 99 %."""
    amount = as_decimal(value)
    return NONE if amount is None else f"{number(amount)}\u202f%"


@register.filter
def day(value) -> str:
    """A day, the same in every language: 2026-05-18. A moment is read in the portal's time zone."""
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value.isoformat() if isinstance(value, datetime.date) else NONE


@register.filter
def moment(value) -> str:
    """A moment to the minute, in the portal's time zone: 2026-05-18 14:03."""
    if not isinstance(value, datetime.datetime):
        return NONE
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"


@register.filter
def unlocal(value) -> str:
    """The machine value of a number, for the data element."""
    amount = as_decimal(value)
    return "" if amount is None else plain(amount)


@register.filter
def pair(entry, name: str = "name") -> str:
    """Text kept as `<name>_zh` and `<name>_en`, in the reader's language."""
    return wording.pick(getattr(entry, f"{name}_zh"), getattr(entry, f"{name}_en"))


@register.filter
def words(code, table: str) -> str:
    """The words for a code; `table` is one of portal.words.TABLES."""
    return str(TABLES[table][code])


@register.filter
def with_blanks(text: str) -> str:
    """The words of a claim as a rule: `{on}` becomes ‹date›."""
    return re.sub(r"\{(\w+)\}", lambda match: f"‹{BLANKS[match.group(1)]}›", text)


@register.filter
def message_tone(level: str) -> str:
    """Django's message level as a tone of notice."""
    return {"success": "good", "warning": "wait", "error": "bad"}.get(level, "plain")


@register.filter
def step_words(state: str) -> str:
    """The state of a step, for those who do not see its mark."""
    return {
        "done": _("done"),
        "current": _("now"),
        "waiting": _("to come"),
        "blocked": _("needs attention"),
    }[state]


@register.simple_tag
def balance_words(balance: str = "", by=None) -> str:
    """The last line of the book. `balance`: settled, surplus, short, open; `by`: whole tonnes."""
    return balance_text(balance or "open", by)


@register.simple_tag(takes_context=True)
def nav_link(context, name: str, words: str) -> SafeString:
    """An item of a menu; marked when the page stands below it."""
    url = reverse(name)
    request = context.get("request")
    if request is not None and request.path.startswith(url):
        return format_html('<li><a href="{}" aria-current="page">{}</a></li>', url, words)
    return format_html('<li><a href="{}">{}</a></li>', url, words)


@register.simple_tag(takes_context=True)
def nav_links(context, menu: str) -> SafeString:
    """The items of one of portal.words.MENUS; those the page stands below are marked."""
    request = context.get("request")
    path = request.path if request is not None else ""
    return _nav_links(menu, tuple(path.startswith(url) for url in _menu_addresses(menu)), get_language())


@cache
def _menu_addresses(menu: str) -> tuple[str, ...]:
    return tuple(reverse(name) for name in MENUS[menu])


@cache
def _nav_links(menu: str, marked: tuple[bool, ...], _language: str) -> SafeString:
    """A few dozen of them stand for every page there is."""
    rows = zip(_menu_addresses(menu), marked, MENUS[menu].values(), strict=True)
    here = SafeString(' aria-current="page"')
    return format_html_join(
        "", '<li><a href="{}"{}>{}</a></li>', ((url, here if below else "", words) for url, below, words in rows)
    )


class Found(NamedTuple):
    """One thing to mend: where it is, what it is called, what is wrong."""

    target: str
    label: str
    message: str


def _of_form(form) -> list[Found]:
    found = [Found("", "", message) for message in form.non_field_errors()]
    for bound in form:
        target = bound.id_for_label or bound.auto_id
        if bound.use_fieldset and bound.auto_id:
            target = f"{bound.auto_id}_0"
        found += [Found("" if bound.is_hidden else target, bound.label, message) for message in bound.errors]
    return found


def _of_problem(problem, form) -> Found:
    name = getattr(problem, "field", None)
    if form is not None and name in getattr(form, "fields", {}):
        return Found(form[name].id_for_label, form[name].label, problem.message)
    row = getattr(problem, "row", None)
    return Found("", _("Row %(row)s") % {"row": row} if row else "", problem.message)


@register.simple_tag
def collect_errors(form=None, forms=None, problems=None) -> list[Found]:
    """Everything wrong on a page: of one form, of a formset or list of forms, and of a refusal, in reading order."""
    found: list[Found] = []
    if form is not None and hasattr(form, "non_field_errors"):
        found += _of_form(form)
    if hasattr(forms, "non_form_errors"):
        found += [Found("", "", message) for message in forms.non_form_errors()]
    for each in forms or ():
        found += _of_form(each)
    return found + [_of_problem(problem, form or None) for problem in problems or ()]


@register.simple_tag
def json_ld(content: dict) -> SafeString:
    """Structured data for search engines: a data block, not a script."""
    text = json.dumps(content, ensure_ascii=False, default=str).translate(JSON_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', SafeString(text))
