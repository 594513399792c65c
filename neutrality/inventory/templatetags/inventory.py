"""Cells of the grid: name, id, label and errors of a field, wired together for those who do not see the page."""

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from neutrality.inventory import words
from neutrality.inventory.forms import Row

register = template.Library()


def cell_id(row: Row, name: str) -> str:
    return f"r{row.number}-{name}"


@register.simple_tag
def cell(row: Row, name: str) -> SafeString:
    """Attributes of the input of a cell beside its id."""
    wrong = row.errors.get(name)
    said = format_html(' aria-invalid="true" aria-describedby="{}-error"', cell_id(row, name)) if wrong else ""
    return format_html('name="{0}" data-cell="{1}"{2}', cell_id(row, name), name, said)


@register.simple_tag
def cell_errors(row: Row, name: str) -> SafeString:
    """What is wrong with a cell, beside it."""
    found = row.errors.get(name)
    if not found:
        return SafeString("")
    items = format_html_join("", "<li>{}</li>", ((message,) for message in found))
    return format_html('<ul class="errorlist" id="{}-error">{}</ul>', cell_id(row, name), items)


@register.simple_tag
def portion_words(line: Any) -> str:
    """What of its quantity counts; nothing where all of it does."""
    return words.portion(line)


@register.simple_tag
def unit_words(code: str) -> str:
    """A unit as people write it."""
    return words.unit(code)
