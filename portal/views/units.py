"""The units of one activity for its organizer: what is owed by when, what the rules prefer, what is held and offered.

It spans two rooms that do not see each other (what was emitted, what was cancelled), so it is the shell's.
"""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import can
from accounts.rules import Permission
from neutrality.activities import access
from neutrality.activities.models import Activity
from neutrality.disclosure import queries as disclosure
from neutrality.inventory import queries as inventories
from neutrality.inventory.words import COVER_LEVELS
from neutrality.offsets import queries, words
from neutrality.offsets.models import Proof
from neutrality.planting import words as growth
from neutrality.planting.queries import of_activity
from neutrality.rulebook.rules import Family, FamilyCode
from neutrality.wording import pick
from portal import account
from portal.views.wishes import WishForm, lacking, proposed

OFFERS = 20


@login_required
@require_safe
def units(request: WSGIRequest, code: str) -> HttpResponse:
    """One page: the balance, the order of preference, own units, offers that may be used, proofs under way."""
    activity = access.activity(request.user, code, may=Permission.VIEW)
    on = timezone.localdate()
    book = account.of(activity, disclosure.live(activity, on))
    short = book.balance.units if book.balance.state == "short" else 0
    held = [
        _choice(activity, row.block, units=row.units, fill=min(short, row.units))
        for row in queries.holdings(activity.organization)
    ]
    offers = [_choice(activity, row.block, offer=row) for row in queries.offers(queries.Filters(), rows=OFFERS).rows]
    wish, lack = WishForm(request.GET), lacking(activity, book)
    basket = {} if activity.state == "cancelled" else proposed(activity, wish, lack)
    _warn(held, offers, [row["line"] for row in basket["lines"]] if basket else [])
    context = {
        "wish": wish,
        "lack": lack,
        "usable": sum(row["units"] for row in held if not row["verdict"]["refused"]),
        "basket": basket,
        "activity": activity,
        "book": book,
        "level": COVER_LEVELS[inventories.cover_level(activity)],
        "may_choose_cover": activity.state != "cancelled"
        and can(request.user, Permission.CHOOSE_UNITS, activity.organization),
        "closed": activity.state != "committed",
        "late": on > activity.units_deadline,
        "families": [
            _family(each) for each in sorted(activity.rulebook.rules.unit_families, key=lambda each: each.order)
        ],
        "held": sorted(held, key=_preference),
        "offers": sorted(offers, key=_preference),
        "proofs": Proof.objects.filter(activity=activity).exclude(state="checked").select_related("kind"),
        "plantings": plantings(activity, on),
        "may_plant": activity.state == "committed"
        and FamilyCode.NEW_FOREST.value in activity.offset_families
        and can(request.user, Permission.CHOOSE_UNITS, activity.organization),
        "reserved": queries.reserved_for(activity),
        "may_retire": activity.state == "committed"
        and can(request.user, Permission.RETIRE_UNITS, activity.organization),
        "may_choose": activity.state == "committed"
        and can(request.user, Permission.CHOOSE_UNITS, activity.organization),
    }
    return render(request, "portal/units.html", context)


def plantings(activity: Activity, on: Any) -> list[dict[str, Any]]:
    """The activity's plantings with what each is today."""
    found = of_activity(activity, on).plantings
    return [{"planting": row, "standing": growth.standing(one)} for row, one in found]


def _choice(activity: Activity, block: Any, **more: Any) -> dict[str, Any]:
    verdict = queries.verdict(activity, block)
    return {"block": block, "verdict": words.verdict(verdict), "rank": verdict.order or 99, **more}


def _warn(held: list[dict[str, Any]], offers: list[dict[str, Any]], lines: Any) -> None:
    """Where the same tonnes may have been issued twice, the row says so before it is chosen."""
    chosen = [*(row["block"] for row in (*held, *offers)), *(line.offer.block for line in lines)]
    doubts = queries.doubtful(chosen)
    for block in chosen:
        block.doubt = doubts.get(block.pk, [])


def _preference(choice: dict[str, Any]) -> tuple[bool, int]:
    """Units that cannot count last; otherwise in the order of the rule pack. Equal ones keep their order."""
    return choice["verdict"]["refused"], choice["rank"]


def _family(family: Family) -> dict[str, Any]:
    name, note = pick(family.name_zh, family.name_en), pick(family.note_zh, family.note_en)
    return {"order": family.order, "name": name, "note": note, "rule": family.rule}
