"""The basket of units proposed for one activity: how many are still to be bought, and what its buyer wishes of them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from neutrality.offsets import queries, words
from neutrality.offsets.forms.fields import UnitsField
from neutrality.offsets.queries import Wishes
from neutrality.offsets.rules import Trait

CENT = Decimal("0.01")
TRAITS = {
    Trait.LOCAL: _("from this province"),
    Trait.FORESTRY: _("from forest or grassland"),
    Trait.FORMERLY_POOR: _("from formerly poor areas"),
}


class PercentField(forms.IntegerField):
    """A share in whole percent; a percent sign behind it is taken off."""

    def __init__(self, **kwargs: Any):
        wrong = {name: _("Enter a whole number from 0 to 100.") for name in ("invalid", "min_value", "max_value")}
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(min_value=0, max_value=100, required=False, widget=widget, error_messages=wrong, **kwargs)
        self.unit = "%"

    def to_python(self, value: Any) -> int | None:
        return super().to_python(str(value or "").strip().rstrip("%％").strip())


class WishForm(forms.Form):
    """How many units, and what part of them must have a trait the rules encourage (R1.21, R2.8)."""

    units = UnitsField(label=_("Units"), required=False)
    local = PercentField(label=_("At least from this province"))
    forestry = PercentField(label=_("At least from forest or grassland"))
    formerly_poor = PercentField(label=_("At least from formerly poor areas"))
    plain = forms.BooleanField(label=_("Only units that need no reason"), required=False)

    def wishes(self) -> Wishes:
        """What is asked for; nothing where the form is empty or wrong."""
        if not self.is_valid():
            return Wishes()
        given = {trait: self.cleaned_data[trait.value] for trait in Trait if self.cleaned_data[trait.value]}
        return Wishes(given, self.cleaned_data["plain"])

    def wanted(self, usual: int) -> int:
        """The units asked for, else as many as usual."""
        return (self.is_valid() and self.cleaned_data["units"]) or usual


@dataclass(frozen=True)
class Lacking:
    """Units still to be bought: what is owed (by the estimate while nothing was measured) less what counts, what is set
    aside and what waits for its check."""

    owed: int
    counts: int
    set_aside: int
    checked_soon: int
    estimated: bool

    @property
    def units(self) -> int:
        return max(0, self.owed - self.counts - self.set_aside - self.checked_soon)

    @property
    def on_its_way(self) -> bool:
        return bool(self.set_aside or self.checked_soon)


def lacking(activity: Any, book: Any) -> Lacking | None:
    """What one activity lacks; None where nothing was accounted, or where it owes nothing."""
    known = book.actual or book.estimate
    if known is None or (book.actual and book.balance.state != "short"):
        return None
    set_aside = queries.reserved_units(activity)
    return Lacking(known.cover.owed(), book.units, set_aside, book.pending, estimated=book.actual is None)


def proposed(activity: Any, form: WishForm, lack: Lacking | None) -> dict[str, Any]:
    """The basket as a page shows it; empty where nothing is lacking and nothing was asked for."""
    units = form.wanted(lack.units if lack else 0)
    if not units:
        return {}
    found = queries.basket(activity, units, form.wishes())
    has = [_share(name, found.has[trait], found.units) for trait, name in TRAITS.items()]
    lacks = [{"name": name, "units": found.lacks[trait]} for trait, name in TRAITS.items() if trait in found.lacks]
    return {
        "units": units,
        "found": found,
        "lines": [{"line": line, "verdict": words.verdict(line.verdict)} for line in found.lines],
        "left_out": [{"out": out, "verdict": words.verdict(out.verdict)} for out in found.left_out],
        "has": has,
        "lacks": lacks,
        "price_cny": (found.cost_cny / found.units).quantize(CENT) if found.units else None,
    }


def _share(name: Any, units: int, of: int) -> dict[str, Any]:
    """Units of a basket with one trait, and how many percent of it they are, rounded down: a share is a promise."""
    return {"name": name, "units": units, "percent": units * 100 // of if of else 0}
