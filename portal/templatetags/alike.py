"""Like activities beside an inventory: {% alike inventory %}. The inventory room does not see what is published."""

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from portal import likeness

register = template.Library()

RATIOS = {
    "head": _("kg a head"),
    "head_day": _("kg a head and day"),
    "room_night": _("kg a room night, lodging alone"),
    "square_metre": _("kg a square metre of floor"),
}


@register.inclusion_tag("portal/_alike.html")
def alike(inventory: Any) -> dict[str, Any]:
    """Rows in words, with the cases."""
    found = likeness.of(inventory)
    return found | {"rows": [row | {"name": RATIOS[row["code"]]} for row in found["rows"]]}
