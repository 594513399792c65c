"""What was decided, found or issued elsewhere was so on a day that has come."""

from datetime import date, datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from neutrality.refusals import Refusal


class DayAhead(Refusal):
    code = "day_ahead"
    message = _("This day lies in the future. Enter the day on the document.")


def refuse_ahead(day: date, at: datetime, field: str) -> None:
    """DayAhead, beside `field`, where a document is dated after the day it is entered."""
    if day > localdate(at):
        raise DayAhead(field=field)
