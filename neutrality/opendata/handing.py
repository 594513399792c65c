"""What a program does with a key: read activities and drafts, replace the lines of a draft, deposit months, hand in
files and lists of participants. Each act is the verb of the page, by the person the key belongs to, and the trail says
through which key. Signing, publishing, cancelling units and deciding have no address here."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from ninja.security import HttpBearer
from pydantic import Field

from accounts import access
from accounts.access import Hidden
from accounts.models import AccessKey
from accounts.rules import KEY_NEEDS, Scope
from neutrality.activities import access as activities
from neutrality.activities.models import Activity
from neutrality.evidence import operations as evidence
from neutrality.inventory import queries, rules, words
from neutrality.inventory.models import Inventory, Roster
from neutrality.inventory.operations import rosters
from neutrality.opendata import answers, described, drafts, limits, months, shapes
from neutrality.opendata.calculating import told
from neutrality.opendata.problems import Error, Wrong, invalid
from neutrality.refusals import Refusal
from neutrality.trail import operations as trail
from neutrality.trail.rules import plain

MOST_ACTIVITIES = 100
WAIT_SECONDS = "10"


class KeyHolder(HttpBearer):
    """`Authorization: Bearer qz_…`: a key in force, whose person may still act."""

    def authenticate(self, request: HttpRequest, token: str) -> AccessKey:
        found = access.key(token, timezone.now())
        if found is None:
            raise no_key()
        return found


def no_key() -> Wrong:
    """The same words whether a key is missing, unknown, revoked or out of date."""
    detail = _(
        "Send “Authorization: Bearer …” with a key in force. Keys are made and revoked on the page of your account."
    )
    return Wrong(401, "no_key", detail, headers={"WWW-Authenticate": "Bearer"})


router = Router(auth=KeyHolder())
ONE = "/own/activities/{code}"
DRAFT = ONE + "/inventories/{kind}"


class Paging(Schema):
    """Where to begin, and how many at most."""

    after: int = Field(0, ge=0, lt=2**63, description="`next` of the page before · 上一页的 next")
    limit: int = Field(MOST_ACTIVITIES, ge=1, le=MOST_ACTIVITIES)


def opened(request: HttpRequest, *scopes: Scope) -> AccessKey:
    """The key of a request, counted and noted, if it has one of `scopes` and its person may still do that. Raises
    Wrong: 429, 403."""
    held: AccessKey = request.auth  # type: ignore[attr-defined]
    limits.count(request, "use_key", str(held.public_id))
    if not any(access.reaches(held, scope) for scope in scopes):
        names = ", ".join(scope.value for scope in scopes)
        detail = _("It takes a key with the scope %(scopes)s, made by somebody who may fill in inventories now.")
        raise Wrong(403, "scope", detail % {"scopes": names})
    access.note_use(held, timezone.now())
    return held


def activity_of(held: AccessKey, code: str) -> Activity:
    """An activity of the key's organization; everything else is absent."""
    found = activities.activity(held.made_by, code, may=KEY_NEEDS[Scope.WRITE])
    if found.organization_id != held.organization_id:
        raise Hidden
    return found


def inventory_of(held: AccessKey, code: str, kind: str) -> Activity:
    if kind not in {item.value for item in rules.Kind}:
        raise Hidden
    return activity_of(held, code)


def means(held: AccessKey) -> str:
    """How the trail names a key."""
    return f"key:{held.public_id}"


# --- reading


@router.get(
    "/own/activities",
    operation_id="list_own_activities",
    response=answers.answers(200, answers.OwnActivities, 401, 403, 422, 429),
    summary="Activities of the key's organization · 密钥所属机构的活动",
)
def list_activities(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    held = opened(request, *Scope)
    found = Activity.objects.filter(organization=held.organization, pk__gt=paging.after).order_by("pk")
    page = list(found.select_related("rulebook").prefetch_related("inventories")[: paging.limit + 1])
    rows = [_activity(activity) for activity in page[: paging.limit]]
    after = page[paging.limit - 1].pk if len(page) > paging.limit else None
    return told({"rows": rows, "next": after})


def _activity(activity: Activity) -> dict[str, Any]:
    shown: dict[str, Any] = plain(
        {
            "code": activity.code,
            "name_zh": activity.name_zh,
            "name_en": activity.name_en,
            "kind": activity.kind,
            "form": activity.form,
            "region": activity.region_code,
            "starts_on": activity.starts_on,
            "ends_on": activity.ends_on,
            "state": activity.state,
            "rulebook": {"code": activity.rulebook.code, "version": activity.rulebook.version},
            "months": [f"{month:%Y-%m}" for month in activity.months],
            "inventories": [_inventory(row) for row in activity.inventories.all()],
        }
    )
    return shown


def _inventory(row: Inventory) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "version": row.version,
        "state": row.state,
        "edition": row.edition,
        "total_kg": row.total_kg,
        "digest": row.digest or None,
    }


@router.get(
    DRAFT,
    operation_id="read_draft",
    response=answers.answers(200, answers.Draft, 401, 403, 404, 429),
    summary="A draft with its lines and what they come to · 草稿各行与结果",
)
def read_draft(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    held = opened(request, Scope.READ, Scope.WRITE)
    draft = queries.draft(inventory_of(held, code, kind), kind)
    if draft is None:
        raise Wrong(404, "not_found", _("There is no draft. Send If-None-Match: * to open one."))
    return told(drafts.told(draft), headers={"ETag": drafts.etag(draft)})


# --- handing in


@router.put(
    DRAFT + "/lines",
    operation_id="replace_lines",
    response=answers.answers(200, answers.Replaced, 400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 429),
    openapi_extra=described.REPLACE,
    summary="Replace all lines of a draft, or none · 整体替换草稿各行",
    description=described.REPLACE_ABOUT,
)
def replace_lines(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    held = opened(request, Scope.WRITE)
    activity = inventory_of(held, code, kind)
    wanted = drafts.read(shapes.body(request), drafts.condition(request.headers))
    try:
        with trail.through(means(held)):
            draft, changed = drafts.put(activity, kind, wanted, held.made_by, timezone.now())
    except Refusal as refusal:
        raise refused(refusal, "lines") from refusal
    return told({"changed": changed, **drafts.told(draft)}, headers={"ETag": drafts.etag(draft)})


@router.post(
    ONE + "/months",
    operation_id="deposit_months",
    response=answers.answers(200, answers.Deposited, 400, 401, 403, 404, 409, 413, 415, 422, 429),
    openapi_extra=described.DEPOSIT,
    summary="Deposit months of meters, all or none · 月度存证，全部成功或全部不存",
    description=described.DEPOSIT_ABOUT,
)
def deposit_months(request: HttpRequest, code: str) -> HttpResponse:
    held = opened(request, Scope.DEPOSIT)
    activity = activity_of(held, code)
    months.require_period(activity)
    readings = months.read(activity, shapes.body(request))
    with trail.through(means(held)):
        fresh = months.keep(activity, readings, held.made_by, timezone.now())
    return told({"deposited": fresh, "unchanged": len(readings) - fresh, "meters": months.told(activity)})


@router.post(
    ONE + "/evidence",
    operation_id="deposit_evidence",
    response=answers.answers(200, answers.Kept, 401, 403, 404, 422, 429),
    openapi_extra=described.FILE,
    summary="Keep a file that proves something · 存入证明文件",
)
def deposit_evidence(request: HttpRequest, code: str) -> HttpResponse:
    held = opened(request, Scope.WRITE, Scope.DEPOSIT)
    activity = activity_of(held, code)
    upload, owner = file_of(request), activity.organization.code
    try:
        with trail.through(means(held)):
            kept = evidence.deposit(upload=upload, owner_code=owner, by=held.made_by, at=timezone.now())
    except Refusal as refusal:
        raise invalid([Error("/file", each.code, each.message) for each in refusal.problems]) from refusal
    return told({"evidence": kept.digest, "name": kept.name, "size": kept.size})


@router.post(
    DRAFT + "/lists",
    operation_id="hand_in_list",
    response=answers.answers(202, answers.ListState, 401, 403, 404, 409, 422, 429),
    openapi_extra=described.LIST,
    summary="Hand in a list of participants · 提交参加者名单",
    description=described.LIST_ABOUT,
)
def hand_in_list(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    held = opened(request, Scope.WRITE)
    draft = queries.draft(inventory_of(held, code, kind), kind)
    if draft is None:
        raise Wrong(404, "not_found", _("There is no draft. Send If-None-Match: * to open one."))
    upload = file_of(request)
    infer = request.POST.get("infer", "false")
    if infer not in ("true", "false"):
        raise invalid([Error("/infer", "not_boolean", shapes.SAID["not_boolean"])])
    try:
        with trail.through(means(held)):
            roster = rosters.hand_in(
                inventory=draft,
                upload=upload,
                venue=rosters.city(request.POST.get("venue", "")),
                infer=infer == "true",
                by=held.made_by,
                at=timezone.now(),
            )
    except Refusal as refusal:
        raise refused(refusal) from refusal
    place = reverse("opendata:api:read_list", args=[code, kind, roster.key])
    return told(list_state(roster), 202, {"Location": place, "Retry-After": WAIT_SECONDS})


@router.get(
    DRAFT + "/lists/{key}",
    operation_id="read_list",
    response=answers.answers(200, answers.ListState, 401, 403, 404, 422, 429),
    summary="How far a list is, and what it came to · 名单处理进度与结果",
)
def read_list(request: HttpRequest, code: str, kind: str, key: UUID) -> HttpResponse:
    held = opened(request, Scope.READ, Scope.WRITE)
    roster = queries.roster(inventory_of(held, code, kind), kind, key)
    if roster is None:
        raise Hidden
    return told(list_state(roster))


def list_state(roster: Roster) -> dict[str, Any]:
    """Where a list stands. What it asks is answered by a person, on its page."""
    summary = roster.summary
    shown: dict[str, Any] = plain(
        {
            "key": roster.key,
            "state": roster.state,
            "percent": roster.percent,
            "detail": str(words.ROSTER_STATES[rules.RosterState(roster.state)]),
            "page": reverse("inventory:roster", args=[roster.activity.code, roster.kind, roster.key]),
            "findings": [_finding(each) for each in roster.findings],
            "found": roster.found,
            "rows": summary.get("rows"),
            "people": summary.get("people"),
            "changed": summary.get("changed"),
        }
    )
    return shown


def _finding(each: dict[str, Any]) -> dict[str, Any]:
    """One fault or question of a list; a refusal of the whole file has only its words."""
    if "message" in each:
        return {"code": each["code"], "detail": each["message"], "count": None, "rows": []}
    return {"code": each["code"], "detail": words.finding(each), "count": each["count"], "rows": each["rows"][:100]}


def file_of(request: HttpRequest) -> Any:
    """The file of a multipart request. Raises Wrong."""
    if request.content_type != "multipart/form-data":
        raise Wrong(415, "media_type", words={"wanted": "multipart/form-data"})
    upload = request.FILES.get("file")
    if upload is None:
        raise invalid([Error("/file", "missing", shapes.SAID["missing"])])
    return upload


def refused(refusal: Refusal, rows: str = "") -> Wrong:
    """A refusal of a verb: 422 where it names fields to mend, else 409 for what stands in the way."""
    errors = [
        Error(
            (f"/{rows}/{each.row - 1}" if rows and each.row is not None else "")
            + (f"/{each.field}" if each.field else ""),
            each.code,
            each.message,
        )
        for each in refusal.problems
    ]
    if any(error.pointer for error in errors):
        return invalid(errors)
    return Wrong(409, "refused", refusal.message, errors)
