"""Constraints every room needs, each by one name. Use in Meta.constraints; names carry room and model."""

from collections.abc import Iterable
from enum import Enum

from django.db.models import CheckConstraint, F, Q

NAME = "%(app_label)s_%(class)s_"


def one_of(field: str, choices: type[Enum] | Iterable[str], *, blank: bool = False) -> CheckConstraint:
    """The column holds one of the values of `choices` (an enum or plain values), or "" when `blank`."""
    values = [getattr(choice, "value", choice) for choice in choices]
    return CheckConstraint(condition=Q(**{f"{field}__in": values + [""] * blank}), name=f"{NAME}{field}_one_of")


def paired(event: str) -> CheckConstraint:
    """`<event>_at` and `<event>_by` are both set or both empty: what was done has a moment and a person."""
    neither = Q(**{f"{event}_at__isnull": True, f"{event}_by__isnull": True})
    both = Q(**{f"{event}_at__isnull": False, f"{event}_by__isnull": False})
    return CheckConstraint(condition=neither | both, name=f"{NAME}{event}_paired")


def positive(field: str) -> CheckConstraint:
    """Above zero (or null)."""
    return CheckConstraint(condition=Q(**{f"{field}__gt": 0}), name=f"{NAME}{field}_positive")


def not_negative(field: str) -> CheckConstraint:
    """Zero or above (or null)."""
    return CheckConstraint(condition=Q(**{f"{field}__gte": 0}), name=f"{NAME}{field}_not_negative")


def in_order(first: str, last: str) -> CheckConstraint:
    """`first` is not after `last` (or one of them is null)."""
    return CheckConstraint(condition=Q(**{f"{last}__gte": F(first)}), name=f"{NAME}{first}_before_{last}")
