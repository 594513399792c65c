"""What the page about the interface shows: addresses, examples that run, errors, limits."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import rules as accounts
from neutrality.inventory import rules
from neutrality.opendata import calculation, months, problems, shapes
from neutrality.wording import pick

FOLDER = Path(settings.BASE_DIR) / "static" / "examples"
EXAMPLES = {
    "calculate.sh": gettext_lazy("Calculate, without a key (curl)"),
    "months.sh": gettext_lazy("Deposit the months of a meter (curl)"),
    "list.sh": gettext_lazy("Hand in a list of participants (curl)"),
    "replace.py": gettext_lazy("Add a line to a draft (Python)"),
}
STATUS = {
    "unreadable": 400,
    "no_key": 401,
    "scope": 403,
    "forbidden": 403,
    "not_found": 404,
    "refused": 409,
    "changed": 412,
    "too_large": 413,
    "media_type": 415,
    "invalid": 422,
    "no_if_match": 428,
    "too_often": 429,
}
ONE = "/own/activities/{code}"
DRAFT = ONE + "/inventories/{kind}"


@dataclass(frozen=True)
class Address:
    """One address, what it is for, and which scopes open it."""

    method: str
    path: str
    about: Any
    scopes: str = ""


ADDRESSES = (
    Address("POST", "/calculate", gettext_lazy("Figures for lines, nothing kept.")),
    Address("GET", "/own/activities", gettext_lazy("Activities of the organization with their inventories.")),
    Address("GET", DRAFT, gettext_lazy("A draft: its lines, its figures, its ETag."), "read, write"),
    Address("PUT", DRAFT + "/lines", gettext_lazy("Replace all lines of a draft, or none."), "write"),
    Address("POST", ONE + "/months", gettext_lazy("Deposit months of an operating period, all or none."), "deposit"),
    Address(
        "POST",
        ONE + "/evidence",
        gettext_lazy("Keep a bill or another file; its digest is “evidence”."),
        "write, deposit",
    ),
    Address("POST", DRAFT + "/lists", gettext_lazy("Hand in a list of participants."), "write"),
    Address(
        "GET", DRAFT + "/lists/{key}", gettext_lazy("How far a list is, what it asks, what it came to."), "read, write"
    ),
)


def page() -> dict[str, Any]:
    """Everything in the reader's language."""
    return {
        "addresses": [Address(each.method, f"/api/v1{each.path}", each.about, each.scopes) for each in ADDRESSES],
        "examples": [
            {
                "name": name,
                "title": title,
                "text": (FOLDER / name).read_text("utf-8"),
                "address": static(f"examples/{name}"),
            }
            for name, title in EXAMPLES.items()
        ],
        "problems": [
            (code, status, problems.TITLES[code] % {"wanted": "application/json"}) for code, status in STATUS.items()
        ],
        "limits": _limits(),
    }


def _limits() -> list[tuple[str, str]]:
    """What a program may send, and how often."""
    rate = settings.ACCOUNT_RATE_LIMITS
    return [
        (_("Body"), f"{shapes.LARGEST // 1024**2} MiB"),
        (_("Lines of a calculation"), f"{calculation.MOST_LINES:,d}"),
        (_("Lines of a draft"), f"{rules.MOST_LINES:,d}"),
        (_("Months in one request"), f"{months.MOST:,d}"),
        (_("Calculations from one address"), _often(rate["calculate"])),
        (_("Acts with one key"), _often(rate["use_key"])),
        (_("Keys in force for one person in one organization"), str(accounts.MOST_KEYS)),
        (_("Longest life of a key"), _("%(days)s days") % {"days": max(accounts.KEY_DAYS)}),
    ]


def _often(rate: str) -> str:
    """ "60/m/ip,600/h/ip" in words."""
    names = {"m": _("a minute"), "h": _("an hour")}
    parts = [part.split("/") for part in rate.split(",")]
    return pick("，", ", ").join(f"{count} {names[per]}" for count, per, _whose in parts)
