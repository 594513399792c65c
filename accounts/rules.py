"""Who may do what, and how a unified social credit code is read. Pure: facts in, codes out.

A person's power in an organization is what the role grants *and* the kind of organization has; the weightier powers
need an organization that a regulator verified (R7.3).
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What an organization is here."""

    ORGANIZER = "organizer"
    EVALUATOR = "evaluator"
    REGISTRY = "registry"
    REGULATOR = "regulator"
    SELLER = "seller"


class Role(StrEnum):
    """What a member is in an organization."""

    OWNER = "owner"
    PREPARER = "preparer"
    SIGNATORY = "signatory"
    EVALUATOR = "evaluator"
    REGISTRAR = "registrar"
    REGULATOR = "regulator"
    ADMINISTRATOR = "administrator"
    VIEWER = "viewer"


class Permission(StrEnum):
    """One act a role may grant."""

    MANAGE_MEMBERS = "manage_members"
    EDIT_ACTIVITY = "edit_activity"
    FILE_INVENTORY = "file_inventory"
    CHOOSE_UNITS = "choose_units"
    RETIRE_UNITS = "retire_units"
    CONFIRM = "confirm"
    PUBLISH = "publish"
    EVALUATE = "evaluate"
    RUN_REGISTRY = "run_registry"
    REVIEW = "review"
    DECIDE = "decide"
    VERIFY_ORGANIZATION = "verify_organization"
    VIEW = "view"


class RestrictionKind(StrEnum):
    """What a restricted organization may not do; filing always stays open (R4.5)."""

    SELF_DECLARATION = "self_declaration"


class Scope(StrEnum):
    """What a key lets a program do in the name of the person who made it."""

    READ = "read"
    WRITE = "write"
    DEPOSIT = "deposit"


PREPARING = frozenset({Permission.EDIT_ACTIVITY, Permission.FILE_INVENTORY, Permission.CHOOSE_UNITS, Permission.VIEW})
SIGNING = PREPARING | {Permission.RETIRE_UNITS, Permission.CONFIRM, Permission.PUBLISH}
OVERSEEING = frozenset({Permission.REVIEW, Permission.DECIDE, Permission.VERIFY_ORGANIZATION, Permission.VIEW})

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.PREPARER: PREPARING,
    Role.SIGNATORY: SIGNING,
    Role.EVALUATOR: frozenset({Permission.EVALUATE, Permission.VIEW}),
    Role.REGISTRAR: frozenset({Permission.RUN_REGISTRY, Permission.VIEW}),
    Role.REGULATOR: OVERSEEING,
    Role.ADMINISTRATOR: frozenset({Permission.MANAGE_MEMBERS, Permission.VIEW}),
    Role.VIEWER: frozenset({Permission.VIEW}),
}

EVERYBODY = frozenset({Permission.MANAGE_MEMBERS, Permission.VIEW})

# What an organization of a kind can have done in its name at all, whoever acts.
POWERS: dict[Kind, frozenset[Permission]] = {
    Kind.ORGANIZER: EVERYBODY | SIGNING,
    Kind.SELLER: EVERYBODY | SIGNING,
    Kind.EVALUATOR: EVERYBODY | {Permission.EVALUATE},
    Kind.REGISTRY: EVERYBODY | {Permission.RUN_REGISTRY},
    Kind.REGULATOR: EVERYBODY | OVERSEEING,
}

# Roles that make sense in an organization of a kind, most powerful first.
ROLES: dict[Kind, tuple[Role, ...]] = {
    Kind.ORGANIZER: (Role.OWNER, Role.SIGNATORY, Role.PREPARER, Role.ADMINISTRATOR, Role.VIEWER),
    Kind.SELLER: (Role.OWNER, Role.SIGNATORY, Role.PREPARER, Role.ADMINISTRATOR, Role.VIEWER),
    Kind.EVALUATOR: (Role.OWNER, Role.EVALUATOR, Role.ADMINISTRATOR, Role.VIEWER),
    Kind.REGISTRY: (Role.OWNER, Role.REGISTRAR, Role.ADMINISTRATOR, Role.VIEWER),
    Kind.REGULATOR: (Role.OWNER, Role.REGULATOR, Role.ADMINISTRATOR, Role.VIEWER),
}

# Until a regulator verified the organization, its members prepare; nothing leaves the house in its name.
NEEDS_VERIFICATION = frozenset(
    {
        Permission.RETIRE_UNITS,
        Permission.CONFIRM,
        Permission.PUBLISH,
        Permission.EVALUATE,
        Permission.RUN_REGISTRY,
        Permission.REVIEW,
        Permission.DECIDE,
        Permission.VERIFY_ORGANIZATION,
    }
)

# Members of these act for others: a password alone opens nothing for them (T1).
NEEDS_SECOND_FACTOR = frozenset({Kind.EVALUATOR, Kind.REGISTRY, Kind.REGULATOR})

# What the person behind a key must be allowed to do at the moment of its use. Only preparing: to sign, publish, cancel
# units, commit or decide is for people in a browser, whatever a key says.
KEY_NEEDS: dict[Scope, Permission] = dict.fromkeys(Scope, Permission.FILE_INVENTORY)
KEY_DAYS = (30, 90, 365)
MOST_KEYS = 10  # in force, for one person in one organization

INVITATION_LASTS = timedelta(days=7)

for table, every in ((GRANTS, Role), (POWERS, Kind), (ROLES, Kind), (KEY_NEEDS, Scope)):
    if set(table) != set(every):
        raise AssertionError(f"a table of accounts.rules does not cover {every.__name__}")


def grants(role: str, kind: str, permission: str, *, verified: bool) -> bool:
    """Does `role` in an organization of `kind` grant `permission`, the organization being `verified` or not?"""
    if permission not in GRANTS[Role(role)]:
        return False
    if permission not in POWERS[Kind(kind)]:
        return False
    return verified or permission not in NEEDS_VERIFICATION


def roles_granting(permission: str) -> frozenset[Role]:
    """The roles under which `permission` can be had somewhere."""
    return frozenset(role for role, granted in GRANTS.items() if permission in granted)


def kinds_having(permission: str) -> frozenset[Kind]:
    """The kinds of organization in which `permission` can be had."""
    return frozenset(kind for kind, powers in POWERS.items() if permission in powers)


def may_assign(own: str, role: str) -> bool:
    """May a member in the role `own` give or take the role `role`? Owners are made and unmade by owners only."""
    if Permission.MANAGE_MEMBERS not in GRANTS[Role(own)]:
        return False
    return own == Role.OWNER or role != Role.OWNER


WHOLE_COUNTRY = ("000000", "100000")


def area(region_code: str) -> str:
    """The leading digits every division inside `region_code` shares: "510000" → "51", "510100" → "5101"."""
    if region_code in WHOLE_COUNTRY:
        return ""
    if region_code.endswith("0000"):
        return region_code[:2]
    return region_code[:4] if region_code.endswith("00") else region_code


def same_area(region_code: str) -> tuple[str, ...]:
    """The codes that mean the same area: the country has two, everything else one."""
    return WHOLE_COUNTRY if region_code in WHOLE_COUNTRY else (region_code,)


def covers(wider: str, region_code: str) -> bool:
    """Does the division `wider` contain (or equal) the division `region_code`? Both six digits."""
    return bool(wider) and bool(region_code) and region_code.startswith(area(wider))


def may_verify(officer_region: str, region_code: str, kind: str) -> bool:
    """May a regulator of `officer_region` verify an organization of `kind` seated in `region_code`?

    A regulator is verified by one of a wider area, never by an equal.
    """
    inside = covers(officer_region, region_code)
    return inside and (kind != Kind.REGULATOR or region_code not in same_area(officer_region))


# ---- unified social credit code (GB 32100-2015; R4.38-R4.42) --------------------------------------------------------

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
DEPARTMENTS = "123456789ANY"


class UsccProblem(StrEnum):
    """Why a text is no unified social credit code."""

    BLANK = "blank"
    LENGTH = "length"
    LETTERS = "letters"
    DEPARTMENT = "department"
    REGION = "region"
    CHECK = "check"


class NotUscc(ValueError):
    """The text is no unified social credit code; `problems` says in which ways, `letters` which signs are not used."""

    def __init__(self, problems: tuple[UsccProblem, ...], *, letters: str = "", length: int = 0):
        super().__init__(", ".join(problems))
        self.problems = problems
        self.letters = letters
        self.length = length


@dataclass(frozen=True)
class Uscc:
    """A code that passed its check. `inner_matches` is the older check inside it: worth a warning, no more (R4.41)."""

    code: str
    inner_matches: bool

    @property
    def region_code(self) -> str:
        """The division that registered it, six digits."""
        return self.code[2:8]


def normalise_uscc(text: str) -> str:
    """Upper case, half width, without spaces and hyphens. An O stays an O: it is never guessed to be a 0 (R4.42)."""
    return re.sub(r"[\s\-‐-―]", "", unicodedata.normalize("NFKC", text)).upper()


def check_sign(first17: str) -> str:
    """The 18th sign of a code; remainder 0 gives "0" (R4.40)."""
    total = sum(ALPHABET.index(sign) * weight for sign, weight in zip(first17, WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def inner_check_sign(first8: str) -> str:
    """The ninth sign of the organisation code inside (GB 11714): 10 is X, 11 is 0 (R4.41)."""
    total = sum(int(sign, 36) * weight for sign, weight in zip(first8, INNER_WEIGHTS, strict=True))
    rest = 11 - total % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def read_uscc(text: str) -> Uscc:
    """The code `text` means; raises NotUscc naming all that is wrong at once."""
    code = normalise_uscc(text)
    if not code:
        raise NotUscc((UsccProblem.BLANK,))
    problems = list(_shape_problems(code))
    letters = "".join(dict.fromkeys(sign for sign in code if sign not in ALPHABET))
    if not problems and code[17] != check_sign(code[:17]):
        problems.append(UsccProblem.CHECK)
    if problems:
        raise NotUscc(tuple(problems), letters=letters, length=len(code))
    return Uscc(code, inner_matches=code[16] == inner_check_sign(code[8:16]))


def _shape_problems(code: str) -> Iterator[UsccProblem]:
    if len(code) != 18:
        yield UsccProblem.LENGTH
    if any(sign not in ALPHABET for sign in code):
        yield UsccProblem.LETTERS
    if code[0] in ALPHABET and code[0] not in DEPARTMENTS:
        yield UsccProblem.DEPARTMENT
    place = code[2:8]
    if len(place) == 6 and all(sign in ALPHABET for sign in place) and not (place.isascii() and place.isdigit()):
        yield UsccProblem.REGION


def compose_uscc(entity: str, region_code: str, number: str) -> str:
    """A code from its parts with both checks: entity class "91", six digits of region, eight signs of number."""
    first17 = entity + region_code + number + inner_check_sign(number)
    return first17 + check_sign(first17)
