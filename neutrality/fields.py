"""Columns in the precision of the house (quantities.py). They refuse floats."""

from typing import Any

from django.db import models


class ExactField(models.DecimalField):
    """A decimal column with the digits of its kind."""

    digits = 18
    places = 6

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("max_digits", self.digits)
        kwargs.setdefault("decimal_places", self.places)
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, float):
            raise TypeError(f"{self.name}: an amount is never a float")
        return super().to_python(value)


class KgField(ExactField):
    """Kilograms of CO2e: 20 digits, 4 places."""

    digits = 20
    places = 4


class QuantityField(ExactField):
    """Activity data as entered: 18 digits, 6 places."""


class FactorField(ExactField):
    """Kilograms per unit: 18 digits, 9 places."""

    places = 9
