"""A venue by floor area and hours: the table of buildings, the form, and the line it becomes."""

import csv
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neutrality.inventory import queries, rules
from neutrality.inventory.models import Inventory
from neutrality.inventory.questionnaires import Amount
from neutrality.inventory.rules import venue
from neutrality.wording import pick

FILE = Path(settings.BASE_DIR) / "seeds" / "venues.csv"
MOST_DAYS = 366
HOURS_OF_DAY = 24


@cache
def buildings() -> dict[str, venue.Building]:
    """Kinds of building for which a figure has a source."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    return {
        row["kind"]: venue.Building(
            row["kind"],
            row["name_zh"],
            row["name_en"],
            Decimal(row["kwh_m2_year"]),
            Decimal(row["hours"]) if row["hours"] else None,
        )
        for row in rows
    }


class VenueForm(forms.Form):
    """What must be known where nobody read a meter."""

    building = forms.ChoiceField(label=gettext_lazy("Kind of building"))
    area = Amount(label=gettext_lazy("Floor area used, m²"), places=2, most=Decimal(10_000_000), least=1)
    days = Amount(label=gettext_lazy("Days, setting up and clearing included"), most=Decimal(MOST_DAYS), least=1)
    hours = Amount(
        label=gettext_lazy("Hours of use, all days together"),
        places=1,
        most=Decimal(MOST_DAYS * HOURS_OF_DAY),
        required=False,
        help_text=gettext_lazy("Needed for offices and meeting rooms, whose power follows the hours."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["building"].choices = [(code, pick(b.name_zh, b.name_en)) for code, b in buildings().items()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        building, days, hours = buildings().get(data.get("building", "")), data.get("days"), data.get("hours")
        if building is not None and building.hours is not None and hours is None and "hours" not in self.errors:
            self.add_error("hours", _("This kind of building goes by hours: write how many it was in use."))
        if days is not None and hours is not None and hours > days * HOURS_OF_DAY:
            self.add_error("hours", _("So many days do not have so many hours."))
        return data


def line(inventory: Inventory, data: dict[str, Any]) -> rules.Line:
    """The estimate as a line of electricity; a second one replaces it."""
    building, days = buildings()[data["building"]], int(data["days"])
    used = venue.kwh(building, area_m2=data["area"], days=days, hours=data["hours"])
    said = _("No meter: %(building)s, %(area)s m², %(days)s days, %(kwh)s kWh/m² and year (GB/T 51161-2016)")
    values = {
        "building": pick(building.name_zh, building.name_en),
        "area": f"{data['area']:f}",
        "days": days,
        "kwh": building.kwh_m2_year,
    }
    return rules.Line(
        key=key(inventory),
        position=0,
        source="electricity",
        stage="holding" if "holding" in inventory.activity.stages else inventory.activity.stages[0],
        treatment=rules.Treatment.ESTIMATED,
        description=said % values,
        quantity=used,
        unit="kWh",
        factor=queries.grid(inventory.activity).factor,
        tier=rules.Tier.DEFAULT,
        spread_percent=venue.SPREAD_PERCENT,
    )


def merged(inventory: Inventory, fresh: rules.Line) -> list[rules.Line]:
    """The lines of the draft with this one; blank rows of electricity give way, other rows stay."""
    rows = (row.facts for row in queries.lines(inventory))
    kept = [row for row in rows if row.key != fresh.key and not (row.source == fresh.source and row.quantity is None)]
    return [*kept, fresh]


def key(inventory: Inventory) -> str:
    """The same for every estimate of this activity's venue."""
    return str(uuid5(NAMESPACE_URL, f"{inventory.activity.code}/venue"))
