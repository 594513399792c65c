"""The words of a claim, from the only place where they stand.

{% claim said %}         the words, as text
{% claim_badge said %}   the same as a badge
{{ name|bilingual }}     a name of a snapshot, kept as {"zh": …, "en": …}
"""

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from neutrality.disclosure.rules import Claim
from neutrality.wording import pick

register = template.Library()


def words(said: Claim) -> SafeString:
    """The words of a claim in the reader's language, already escaped."""
    rendered = render_to_string(said.template, {"claim": said})
    return mark_safe(" ".join(rendered.split()))  # noqa: S308  rendered by an escaping template


@register.simple_tag(name="claim")
def claim_words(said: Claim) -> SafeString:
    """{% claim said %}"""
    return words(said)


@register.simple_tag
def claim_badge(said: Claim) -> SafeString:
    """{% claim_badge said %}"""
    return format_html('<span class="badge badge-{} claim">{}</span>', said.tone, words(said))


@register.filter
def bilingual(name: dict[str, str]) -> str:
    """{{ content.organizer|bilingual }}"""
    return pick(name["zh"], name["en"])
