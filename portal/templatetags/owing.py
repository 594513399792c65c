"""What is owed for an activity, for pages of rooms that do not see the inventory.

{% owed activity %}     owed for what, what counts, what is missing
"""

from typing import Any

from django import template
from django.utils import timezone

from neutrality.disclosure import queries as disclosure
from neutrality.disclosure.rules import balance
from neutrality.quantities import obligation

register = template.Library()


@register.inclusion_tag("portal/_owed.html")
def owed(activity: Any) -> dict[str, Any]:
    """Nothing while nothing is accounted."""
    facts = disclosure.live(activity, timezone.localdate())
    left = balance(facts.due_kg, facts.units, partial=facts.partial)
    return {
        "owed": None if facts.due_kg is None else obligation(facts.due_kg),
        "mean": None if facts.total_kg is None else obligation(facts.total_kg),
        "p90": facts.cover_level == "p90",
        "units": facts.units,
        "short": left.units if left.state == "short" else 0,
    }
