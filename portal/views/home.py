"""The first page: search, what was settled lately, what is short or overdue, and how the book is read."""

from django.db.models import Sum
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Organization
from neutrality.activities.models import Activity
from neutrality.disclosure import queries as disclosure
from neutrality.disclosure.models import Statement
from neutrality.offsets.models import Retirement, VoidedPart
from portal import account

LATELY = 60  # the newest activities the two lists are chosen from
ROWS = 4


@require_safe
def home(request):
    on = timezone.localdate()
    rows = disclosure.page(disclosure.Wanted(), on, size=LATELY).rows
    settled = [row for row in rows if row.claim.neutral]
    short = [row for row in rows if row.balance.state == "short"]
    featured = next(iter(settled or short), None)
    context = {
        "first_page": True,
        "on": on,
        "featured": featured,
        "book": account.of(featured.activity, disclosure.live(featured.activity, on)) if featured else None,
        "settled": settled[:ROWS],
        "short": sorted(short, key=lambda row: row.activity.units_deadline)[:ROWS],
        "counts": counts(),
        "site": structured(request),
    }
    return render(request, "portal/home.html", context)


def structured(request) -> dict:
    """The site and its search box, for search engines."""
    home = request.build_absolute_uri("/")
    search = {"@type": "SearchAction", "target": f"{home}search/?q={{text}}", "query-input": "required name=text"}
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": "青账 Qingzhang",
        "url": home,
        "potentialAction": search,
    }


def counts() -> dict:
    """How much the register holds."""
    cancelled = Retirement.objects.aggregate(units=Sum("quantity"))["units"] or 0
    void = VoidedPart.objects.filter(retirement__isnull=False).aggregate(units=Sum("quantity"))["units"] or 0
    return {
        "activities": Activity.objects.public().count(),
        "statements": Statement.objects.newest().count(),
        "units": cancelled - void,
        "organizations": Organization.objects.verified().count(),
    }
