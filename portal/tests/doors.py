"""The access table: every address of the portal, and what each member of the cast gets there.

Each room keeps its own rows in ``<room>/tests/doors.py``::

    from portal.tests.doors import LOGIN, POST_ONLY, PUBLIC, only

    DOORS = {
        "inventory:edit": ({"code": "activity.code"}, only("organizer", "colleague")),
        "inventory:submit": ({"code": "activity.code"}, POST_ONLY),
    }

    def furnish(world):            # only where an address has arguments of this room
        world.activity = make_activity(organization=world.cast.home)

A row is name: (arguments, expected). An argument is a dotted path into the world, or what stands behind ``=`` as it is.
Expected is what a GET answers each member: 200 page, 302 elsewhere (most often the log-in page), 403 member without the
role, 404 stranger (absent and forbidden look alike), 405 takes POST only; whoever is not named gets ``rest``.
Worlds are furnished lowest floor first, so a room finds what lower rooms have put there.
"""

from operator import attrgetter
from types import SimpleNamespace
from typing import Any

from neutrality.activities.tests.factories import make_activity
from portal import pulse, walk

Row = tuple[dict[str, str], dict[str, int]]

CAST = (
    "anonymous",
    "citizen",
    "organizer",
    "colleague",
    "stranger",
    "evaluator",
    "registrar",
    "regulator",
    "second_officer",
)

PUBLIC = {"rest": 200}
LOGIN = {"anonymous": 302, "rest": 200}
POST_ONLY = {"rest": 405}


def only(*members: str, without_role: tuple[str, ...] = (), anonymous: int = 302) -> dict[str, int]:
    """The named members see the page, those ``without_role`` get 403, all others 404."""
    seen = dict.fromkeys(members, 200) | dict.fromkeys(without_role, 403)
    return {"anonymous": anonymous, "rest": 404} | seen


# Addresses that belong to libraries and are tested there: (namespace or first words of the name, why).
FOREIGN = {
    "account_": "allauth: log-in, sign-up, mail addresses, passwords",
    "mfa_": "allauth: second factors",
    "usersessions_": "allauth: the list of one's own sessions",
    "set_language": "Django: POST only, redirects back",
    "admin:": "Django's administration pages, closed to the whole cast; test_administration_is_closed",
}

SHELL: dict[str, Row] = {
    "portal:home": ({}, PUBLIC),
    "portal:desk": ({}, LOGIN),
    "portal:search": ({}, PUBLIC),
    "portal:methodology": ({}, PUBLIC),
    "portal:rulebook": ({"code": "activity.rulebook.code"}, PUBLIC),
    "portal:rulebook_version": ({"code": "activity.rulebook.code", "version": "activity.rulebook.version"}, PUBLIC),
    "portal:activity": ({"code": "activity.code"}, only("organizer", "colleague", anonymous=404)),
    "portal:units": ({"code": "activity.code"}, only("organizer", "colleague")),
    "portal:reserve": (
        {"code": "cast.home.code", "block": "block.code"},
        only("organizer", without_role=("colleague",)),
    ),
    "portal:project_land": ({"code": "block.project.code"}, PUBLIC),
    "portal:plan": ({"code": "activity.code"}, only("organizer", "colleague", anonymous=404)),
    "portal:cancellations_certificate": (
        {"code": "settled.code", "language": "=zh"},
        PUBLIC,
    ),
    "portal:certificates": ({"code": "settled.code"}, only("organizer", "colleague")),
    "portal:cancellation_certificate": ({"number": "retirement.number", "language": "=en"}, PUBLIC),
    "portal:statement_certificate": ({"number": "statement.number", "language": "=zh"}, PUBLIC),
    "portal:check": ({}, PUBLIC),
    "portal:checked": ({"code": "check_code"}, PUBLIC),
    "portal:text_size": ({}, POST_ONLY),
    "portal:health": ({}, PUBLIC),
    "portal:alive": ({}, PUBLIC),
    "portal:robots": ({}, PUBLIC),
    "portal:sitemaps": ({}, PUBLIC),
    "portal:sitemap": ({"section": "=activities"}, PUBLIC),
}

# Addresses that answer with a file or with data instead of a page; those of the interface do so by their prefix.
FILES = {
    "disclosure:badge",
    "disclosure:plan_json",
    "disclosure:statement_json",
    "evidence:download",
    "inventory:checker",
    "inventory:dossier",
    "inventory:marked_roster",
    "inventory:schema",
    "inventory:sheet",
    "inventory:survey_code",
    "offsets:bad_rows",
    "offsets:clearance_data",
    "offsets:template",
    "opendata:csv",
    "opendata:project_csv",
    "opendata:project_jsonl",
    "opendata:description",
    "opendata:jsonl",
    "planting:land",
    "planting:nearby",
    "portal:alive",
    "portal:cancellation_certificate",
    "portal:cancellations_certificate",
    "portal:certificates",
    "portal:health",
    "portal:robots",
    "portal:sitemap",
    "portal:sitemaps",
    "portal:statement_certificate",
    "trail:checkpoints",
    "trail:consistency",
    "trail:receipt",
}
DATA = "opendata:api:"

# Pictures made to stand on other people's pages.
EMBEDDED = {"disclosure:badge"}
# What a page may ask the browser for, beyond nothing.
MAY_USE = {"planting:commit": ("geolocation",)}

# A GET may change these tables and no other: a session is opened or read.
CHANGED_BY_READING = {"django_session"}


def table() -> dict[str, Row]:
    """The rows of all rooms."""
    rows = dict(SHELL)
    for _room, module in walk.modules("tests.doors"):
        rows |= getattr(module, "DOORS", {})
    return rows


def is_page(name: str) -> bool:
    """Whether an address answers with a page; the walk over all doors holds this to what they answer."""
    return name not in FILES and not name.startswith(DATA)


def world(cast: Any) -> SimpleNamespace:
    """What the addresses are about: one object of each kind; the organizer's, unless its room says otherwise."""
    found = SimpleNamespace(cast=cast, activity=make_activity(organization=cast.home, created_by=cast.organizer))
    pulse.mark()  # a worker that lives
    for _room, module in walk.modules("tests.doors"):
        if hasattr(module, "furnish"):
            module.furnish(found)
    return found


def value(found: SimpleNamespace, path: str) -> Any:
    """What an argument of a row stands for."""
    return path[1:] if path.startswith("=") else attrgetter(path)(found)
