"""Fields of days and numbers: read as people write them, refused in words that say what to do."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from neutrality.inputs import AmountField, DayField, MonthField

DAYS = ["2026-05-18", "2026/05/18", "2026.05.18", "2026年5月18日", "20260518", "２０２６-05-18"]


@pytest.mark.parametrize("text", DAYS)
def test_days_are_read_as_people_write_them(text):
    assert DayField().clean(text) == date(2026, 5, 18)


@pytest.mark.parametrize("text", ["18/05/2026", "2026-02-30", "tomorrow", "2026"])
def test_what_is_no_day_is_asked_for_again(text):
    with translation.override("en"), pytest.raises(ValidationError, match="year-month-day"):
        DayField().clean(text)


def test_a_day_that_a_picker_cannot_show_is_kept_in_a_plain_box():
    """A native picker would throw the typed text away."""
    widget = DayField().widget
    assert 'type="date"' in widget.render("on", "2026-05-18")
    shown = widget.render("on", "18 May")
    assert 'type="text"' in shown
    assert 'value="18 May"' in shown


def test_months():
    assert MonthField().clean("2026年1月") == MonthField().clean("2026-01") == date(2026, 1, 1)
    with pytest.raises(ValidationError):
        MonthField().clean("2026-13")


@pytest.mark.parametrize(
    ("text", "code"),
    [("1,5", "decimal_comma"), ("-1", "negative"), ("0", "above_zero"), ("1.234", "too_many_places"), ("", "required")],
)
def test_a_number_is_refused_by_what_is_wrong_with_it(text, code):
    with pytest.raises(ValidationError) as refused:
        AmountField(places=2, above_zero=True).clean(text)
    assert refused.value.code == code


def test_a_number_below_zero_where_it_may_be():
    assert AmountField(signed=True).clean("−12.5") == Decimal("-12.5")
    assert AmountField(required=False).clean("  ") is None


def test_a_field_may_say_a_fault_in_words_of_its_own():
    field = AmountField(places=0, error_messages={"too_many_places": "Whole ones."})
    with pytest.raises(ValidationError, match="Whole ones"):
        field.clean("1.5")
    with translation.override("en"), pytest.raises(ValidationError, match="too large"):
        field.clean("1" * 30)


def test_a_stored_amount_is_shown_without_idle_zeros():
    assert AmountField().prepare_value(Decimal("1000.00")) == "1000"
    assert AmountField().prepare_value("1000.00") == "1000.00"
