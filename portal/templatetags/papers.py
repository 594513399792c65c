"""Papers about a use of units, for pages of rooms that do not see what is published.

{% used_for cancellations %}     each with its activity, the statement that rests on it, and its certificate
"""

from collections.abc import Sequence
from typing import Any

from django import template

from neutrality.disclosure import queries as disclosure

register = template.Library()


@register.inclusion_tag("portal/_used.html")
def used_for(cancellations: Sequence[Any]) -> dict[str, Any]:
    """One question for all of them; none when nothing was used."""
    statements = disclosure.newest_statements(row.activity_id for row in cancellations) if cancellations else {}
    return {"rows": [{"row": row, "statement": statements.get(row.activity_id)} for row in cancellations]}
