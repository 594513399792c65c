"""What each page is given: the contexts of the room's templates."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from neutrality.activities.models import Activity
from neutrality.inventory import access, asking, forms, queries, rules, words
from neutrality.inventory.models import Factor, Inventory
from neutrality.inventory.operations import cases as published
from neutrality.inventory.rules import factor_spread
from neutrality.quantities import KG_PER_TONNE
from neutrality.refusals import Problem
from neutrality.rulebook.rules import Rulebook
from neutrality.wording import pick

HUNDREDTH = Decimal("0.01")


def words_of(kind: str) -> Any:
    """What the kind of inventory is called."""
    return words.KINDS[rules.Kind(kind)]


def show(user: Any, activity: Activity, kind: str) -> dict[str, Any]:
    """The page of one kind: the version that stands, or the newest, and what can be done."""
    standing, newest, draft = (find(activity, kind) for find in (queries.current, queries.newest, queries.draft))
    shown = standing or (newest if newest is not None and newest.state != rules.State.DRAFT else None)
    return {
        "activity": activity,
        "kind": kind,
        "words": words_of(kind),
        "inventory": shown,
        "standing": standing,
        "draft": draft,
        "may_file": access.may_file(user, activity),
        "versions": Inventory.objects.of(activity, kind).exclude(state=rules.State.DRAFT),
        "account": account(shown) if shown is not None else None,
    }


def account(inventory: Inventory) -> dict[str, Any]:
    """A submitted inventory in the words of the page: sources with their lines, scopes, stages, sources left out."""
    sheet, book = queries.sheet(inventory), inventory.rulebook.rules
    return {
        "sheet": sheet,
        "sources": sources(sheet, book),
        "scopes": scopes(sheet, book),
        "stages": [(words.STAGES[stage], kg) for stage, kg in sheet.by_stage.items()],
        "apart": apart(sheet, book),
        "interval": sheet.interval,
        "drawn": getattr(inventory, "simulation", None),
        "gwp": words.GWP_SETS[rules.GwpSet(inventory.gwp_set)],
    }


def scopes(sheet: rules.Sheet, book: Rulebook) -> list[tuple[int, Decimal | None]]:
    """The sum of each scope in kg; None where nothing is counted because sources of it were left out (not zero)."""
    left_out = {source.scope for source in book.sources if source.code.value in sheet.excluded}
    counted = {result.scope for result in sheet.results if not result.memo}
    return [
        (scope, None if scope in left_out and scope not in counted else sheet.by_scope[scope]) for scope in rules.SCOPES
    ]


def sources(sheet: rules.Sheet, book: Rulebook) -> list[dict[str, Any]]:
    """Counted sources, largest first, each with its results in words."""
    order = sorted(sheet.by_source, key=lambda code: -sheet.by_source[code])
    memo = [result.line.source for result in sheet.results if result.memo]
    return [
        {
            "code": code,
            "name": words.source(code, book),
            "kg": sheet.by_source.get(code),
            "results": [result_words(result) for result in sheet.results if result.line.source == code],
        }
        for code in dict.fromkeys([*order, *memo])
    ]


def result_words(result: rules.Result) -> dict[str, Any]:
    """One line of the account: quantity × factor = result, with names for codes."""
    line, factor = result.line, result.factor
    return {
        "result": result,
        "description": line.description,
        "stage_name": words.STAGES[line.stage],
        "answer": words.TREATMENTS[line.treatment] if line.treatment else "",
        "unit": words.unit(line.unit),
        "portion": words.portion(line),
        "factor_unit": words.unit(factor.unit),
        "converted": line.unit != factor.unit,
        "tier": words.TIERS[line.tier],
        "grade": words.GRADES[factor.grade],
        "gwp": words.GWP_SETS[factor.gwp_set],
    }


def apart(sheet: rules.Sheet, book: Rulebook) -> list[dict[str, Any]]:
    """Sources that are not counted here, with the answer and its reason."""
    return [
        {
            "name": words.source(line.source, book),
            "answer": words.TREATMENTS[line.treatment],
            "reason": line.reason,
            "left_out": line.treatment is rules.Treatment.EXCLUDED,
        }
        for line in sheet.lines
        if line.treatment is not None and not line.counted
    ]


def factor_rows(factors: Iterable[Factor]) -> list[dict[str, Any]]:
    """Rows of the library: each factor with its newest version."""
    return [
        {
            "factor": factor,
            "version": factor.versions.all()[0],
            "editions": len(factor.versions.all()),
            "category": words.CATEGORIES[rules.Category(factor.category)],
            "unit": words.unit(factor.unit),
        }
        for factor in factors
    ]


def factor(found: Factor, code: str) -> dict[str, Any]:
    """One factor: its versions side by side, and who uses it."""
    versions = list(found.versions.select_related("publication", "factor").order_by("-year", "-source_year", "code"))
    return {
        "factor": found,
        "asked": code,
        "category": words.CATEGORIES[rules.Category(found.category)],
        "unit": words.unit(found.unit),
        "fitting": words.units_fitting(found.unit),
        "newest": versions[0],
        "basis": words.BASES[versions[0].basis],
        "versions": [
            {
                "version": version,
                "grade": words.GRADES[version.tier],
                "gwp": words.GWP_SETS[rules.GwpSet(version.gwp_set)],
                "spread": factor_spread(version.facts),
            }
            for version in versions
        ],
        "publications": list(dict.fromkeys(version.publication for version in versions)),
        "users": queries.users(found),
    }


def cases() -> list[dict[str, Any]]:
    """Published cases: the printed total beside ours, in t, and the estimate where the source had one."""
    found = queries.reference()
    told = list(published.cases())
    estimates = {item.activity_id: item for item in found if item.kind == rules.Kind.ESTIMATE}
    return [
        {
            "activity": item.activity,
            "inventory": item,
            "estimate": estimates.get(item.activity_id),
            "published_kg": item.activity.published_total_t * KG_PER_TONNE,
            "difference_kg": item.total_kg - item.activity.published_total_t * KG_PER_TONNE,
            **_told(item.activity, told),
        }
        for item in found
        if item.kind == rules.Kind.ACTUAL
    ]


def _told(activity: Activity, told: list[published.Case]) -> dict[str, Any]:
    """What the source tells beside the figures, in the reader's language: what it was, and what was cancelled for it
    before and after, in kg, by what."""
    for case in told:
        if activity.key == published.key_of(case, activity.organization_id):
            return {
                "summary": pick(case.facts["summary"], case.facts["summary_en"]),
                "covered": [
                    {"words": words_of(kind), "kg": Decimal(row["t"]) * KG_PER_TONNE, "by": pick(row["zh"], row["en"])}
                    for kind, row in sorted(case.covered.items(), reverse=True)
                ],
            }
    return {"summary": activity.summary, "covered": []}


def sealed(inventory: Inventory) -> dict[str, Any]:
    """A sealed inventory for whoever holds its digest."""
    return {
        "inventory": inventory,
        "activity": inventory.activity,
        "words": words_of(inventory.kind),
        "account": account(inventory),
    }


MOST_STEPS = 40


def changes(activity: Activity, kind: str) -> dict[str, Any]:
    """Every step from one figure to the next: between versions, and from the estimate to the actual figures."""
    versions = list(Inventory.objects.of(activity, kind).exclude(state=rules.State.DRAFT).order_by("version"))
    pairs = [(old, new, True) for old, new in pairwise(versions)]
    estimate = queries.current(activity, rules.Kind.ESTIMATE)
    if kind == rules.Kind.ACTUAL and versions and estimate is not None:
        pairs.append((estimate, versions[-1], False))
    return {
        "activity": activity,
        "kind": kind,
        "words": words_of(kind),
        "comparisons": [comparison(old, new, correction=same) for old, new, same in reversed(pairs)],
    }


def comparison(old: Inventory, new: Inventory, *, correction: bool) -> dict[str, Any]:
    """One difference in words, with its bridge."""
    book = new.rulebook.rules
    found = rules.explain(queries.sheet(old), queries.sheet(new), correction=correction)
    parts = [(words.PARTS[part], kg) for part, kg in found.parts.items()]
    return {
        "old": old,
        "new": new,
        "correction": correction,
        "found": found,
        "parts": parts,
        "bridge": bridge(found),
        "steps": [
            {
                "step": step,
                "part": words.PARTS[step.part],
                "source": words.source(step.source, book),
                "name": _name(step),
            }
            for step in found.steps[:MOST_STEPS]
        ],
        "more": max(0, len(found.steps) - MOST_STEPS),
    }


def _name(step: rules.Step) -> str:
    result = step.after or step.before
    return result.line.description if result is not None else ""


def bridge(found: rules.Explanation) -> list[dict[str, Any]]:
    """The bars of a bridge chart, in hundredths of its width: before, each part, after."""
    levels, rows = [found.before_kg], [("before", found.before_kg, Decimal(0), found.before_kg)]
    for part, kg in found.parts.items():
        if kg:
            rows.append((part.value, kg, levels[-1], levels[-1] + kg))
            levels.append(levels[-1] + kg)
    rows.append(("after", found.after_kg, Decimal(0), found.after_kg))
    widest = max([found.after_kg, *levels]) or Decimal(1)
    names = {"before": _("Before"), "after": _("After")} | {part.value: name for part, name in words.PARTS.items()}
    return [
        {
            "name": names[code],
            "kg": kg,
            "whole": code in ("before", "after"),
            "start": (min(low, high) * 100 / widest).quantize(HUNDREDTH),
            "length": (abs(high - low) * 100 / widest).quantize(HUNDREDTH),
            "up": high > low,
        }
        for code, kg, low, high in rows
    ]


def edit(activity: Activity, draft: Inventory, grid: forms.Grid, problems: Sequence[Problem]) -> dict[str, Any]:
    """The grid page."""
    sheet = grid.outcome.sheet
    unanswered = sum(gap.code == "source_unanswered" for gap in sheet.gaps)
    return {
        "activity": activity,
        "kind": draft.kind,
        "words": words_of(draft.kind),
        "draft": draft,
        "labels": words.FIELDS | {"answer": words.FIELDS["treatment"], "part": words.FIELDS["stage"]},
        "grid": grid,
        **asking.parted(grid.sections, grid.questions),
        "sheet": sheet,
        "open": unanswered,
        "open_words": ngettext("%(n)s source open", "%(n)s sources open", unanswered) % {"n": unanswered},
        "problems": [(problem_target(problem), problem.message) for problem in problems] + grid.problems,
        "choices": {
            "treatments": forms.TREATMENT_CHOICES,
            "tiers": forms.TIER_CHOICES,
            "gwp": forms.GWP_CHOICES,
            "own_gwp": forms.OWN_GWP_CHOICES,
            "units": [words.unit(unit) for unit in rules.UNITS],
        },
        "too_many": draft.lines.count() > forms.MOST_ROWS,
        "most_rows": forms.MOST_ROWS,
    }


def fault_problems(
    faults: Iterable[rules.Fault], rows_above: int, labels: Mapping[str, Any] = words.FIELDS
) -> list[Problem]:
    """Faults of a file in words, by the row numbers of that file."""
    found = [(fault, fault.position + rows_above) for fault in faults if fault.position is not None]
    return [
        Problem(fault.code, words.labelled(labels[fault.field], words.fault(fault)), fault.field, row)
        for fault, row in found
    ]


def month_choices(activity: Activity) -> dict[str, list[tuple[str, str]]]:
    """Months of the period and sources of its rulebook, for the form of a deposit."""
    return {
        "months": [(month.isoformat(), f"{month:%Y-%m}") for month in activity.months],
        "sources": [(item.code.value, pick(item.name_zh, item.name_en)) for item in activity.rulebook.rules.sources],
    }


def months(activity: Activity) -> dict[str, Any]:
    """Every meter with its months: what is there, what is missing, what that comes to."""
    found = queries.series(activity)
    return {
        "activity": activity,
        "months": activity.months,
        "meters": [
            {
                "series": each,
                "source": words.source(each.source, activity.rulebook.rules),
                "unit": words.unit(each.unit),
                "cells": [(month, each.readings.get(month)) for month in activity.months],
                "held": len(each.readings),
                "all": len(activity.months),
            }
            for each in found
        ],
        "deposits": [(row, words.unit(row.unit)) for row in reversed(queries.deposits(activity)[-MOST_STEPS:])],
        "units": [words.unit(unit) for unit in rules.UNITS],
    }


def problem_target(problem: Problem) -> str:
    """The id of what a problem of an operation is about, "" for the whole page."""
    if problem.row is not None and problem.field:
        return f"r{problem.row}-{problem.field}"
    return problem.field or ""


def submit(activity: Activity, draft: Inventory, today: date, problems: Sequence[Problem]) -> dict[str, Any]:
    """The page before freezing: totals, what is open, what will happen."""
    sheet, book = queries.sheet(draft), draft.rulebook.rules
    early = draft.kind == rules.Kind.ACTUAL and not activity.ended(today)
    return {
        "activity": activity,
        "kind": draft.kind,
        "words": words_of(draft.kind),
        "draft": draft,
        "sheet": sheet,
        "sources": sources(sheet, book),
        "apart": apart(sheet, book),
        "doubts": [words.doubt(doubt) for doubt in rules.doubts(sheet, queries.crowd(activity))],
        "gaps": [(gap.source, words.gap(gap, book)) for gap in sheet.gaps],
        "early": early,
        "ready": not (sheet.gaps or sheet.faults or early),
        "excluded": [words.source(code, book) for code in sheet.excluded],
        "problems": [problem for problem in problems if problem.code not in {gap.code for gap in sheet.gaps}],
    }
