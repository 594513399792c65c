"""The comparison page: a submitted inventory as it would read under other potentials, and with other editions."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from neutrality.activities.models import Activity
from neutrality.inventory import pages, queries, rules, words
from neutrality.inventory.models import Inventory
from neutrality.inventory.rules import recount

MOST_MOVED = 30
MOST_UNREAD = 60


def page(activity: Activity, kind: str, until: str) -> dict[str, Any]:
    """The inventory that stands, compared."""
    context = {"activity": activity, "kind": kind, "words": pages.words_of(kind), "columns": [], "rows": []}
    inventory = queries.current(activity, kind)
    return context if inventory is None else context | compared(inventory, until)


def sealed(inventory: Inventory, until: str) -> dict[str, Any]:
    """A sealed inventory, compared for whoever holds its digest."""
    context = {"activity": inventory.activity, "kind": inventory.kind, "words": pages.words_of(inventory.kind)}
    return context | compared(inventory, until) | {"digest": inventory.digest}


def compared(inventory: Inventory, until: str) -> dict[str, Any]:
    """Columns beside each other: as submitted, under each set, with the editions of a year. Nothing is written."""
    sheet, material = queries.sheet(inventory), queries.recount_material(inventory)
    years = sorted({version.year for versions in material.versions.values() for version in versions})
    year = int(until) if until in {str(each) for each in years} else None
    own = rules.GwpSet(inventory.gwp_set)
    sets = [recount.under(sheet, each, material.gases, material.potentials) for each in rules.GWP_CHOICES]
    editions = recount.edition(sheet, material.versions, own, year)
    found = [
        *((words.GWP_SETS[each], column) for each, column in zip(rules.GWP_CHOICES, sets, strict=True)),
        (_("Editions up to %(year)s") % {"year": year} if year else _("Newest editions"), editions),
    ]
    columns = [_submitted(inventory), *(_column(name, column, inventory) for name, column in found)]
    return {
        "inventory": inventory,
        "columns": columns,
        "rows": _rows(sheet, [column for _, column in found], inventory),
        "unread": _unread(sets, inventory),
        "moved": _moved(editions, inventory),
        "years": years,
        "year": year,
        "own": words.GWP_SETS[own],
    }


def _submitted(inventory: Inventory) -> dict[str, Any]:
    return {"name": _("As submitted"), "total_kg": inventory.total_kg, "difference_kg": None, "column": None}


def _column(name: Any, column: recount.Column, inventory: Inventory) -> dict[str, Any]:
    whole = inventory.total_kg or Decimal(0)
    return {
        "name": name,
        "column": column,
        "total_kg": column.total_kg,
        "difference_kg": None if column.total_kg is None else column.total_kg - whole,
        "unread_kg": whole - column.read_before_kg,
    }


def _rows(sheet: rules.Sheet, columns: list[recount.Column], inventory: Inventory) -> list[dict[str, Any]]:
    """Sources, largest first, in every column."""
    book = inventory.rulebook.rules
    order = sorted(sheet.by_source, key=lambda code: -sheet.by_source[code])
    return [
        {
            "name": words.source(code, book),
            "cells": [sheet.by_source[code], *(column.of(code) for column in columns)],
        }
        for code in order
    ]


def _unread(sets: list[recount.Column], inventory: Inventory) -> list[dict[str, Any]]:
    """Lines that cannot be read under some set, once each, largest first, with the reason."""
    cells = {cell.result.line.key: cell for column in sets for cell in column.unread}
    found = sorted(cells.values(), key=lambda cell: -cell.result.kg)[:MOST_UNREAD]
    return [
        {
            "source": words.source(cell.result.line.source, inventory.rulebook.rules),
            "name": cell.result.line.description,
            "kg": cell.result.kg,
            "factor": cell.factor,
            "silent": cell.factor.gwp_set is rules.GwpSet.UNKNOWN,
        }
        for cell in found
    ]


def _moved(editions: recount.Column, inventory: Inventory) -> list[dict[str, Any]]:
    """Lines whose edition differs, the largest difference first."""
    cells = [cell for cell in editions.cells if cell.factor != cell.result.factor and cell.kg is not None]
    cells.sort(key=lambda cell: -abs((cell.kg or Decimal(0)) - cell.result.kg))
    return [
        {
            "source": words.source(cell.result.line.source, inventory.rulebook.rules),
            "name": cell.result.line.description,
            "old": cell.result.factor,
            "new": cell.factor,
            "before_kg": cell.result.kg,
            "after_kg": cell.kg,
        }
        for cell in cells[:MOST_MOVED]
    ]
