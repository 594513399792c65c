"""Is the portal well? One page for machines: database, worker (through the broker and back), disk."""

import shutil
import time
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal import pulse

STARTED = time.monotonic()
LEAST_FREE_MB = 200
OLDEST_PULSE_S = 180


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """The web process answers. For whoever decides where requests go: no other part can make this fail."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def show(request: HttpRequest) -> JsonResponse:
    """All parts, each with its figure; 503 when one fails. For whoever is woken up by it."""
    checks = {"database": database(), "worker": worker(), "disk": disk()}
    well = all(check["ok"] for check in checks.values())
    return JsonResponse({"status": "ok" if well else "failing", "checks": checks}, status=200 if well else 503)


def database() -> dict[str, Any]:
    """A round trip to the server, in milliseconds."""
    begun = time.monotonic()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except Error:
        return {"ok": False}
    return {"ok": True, "ms": round((time.monotonic() - begun) * 1000)}


def worker() -> dict[str, Any]:
    """Seconds since the schedule last went through broker and worker; a portal just started is given time."""
    age = pulse.age_s()
    if age is None:
        return {"ok": time.monotonic() - STARTED < OLDEST_PULSE_S, "age_s": None}
    return {"ok": age < OLDEST_PULSE_S, "age_s": round(age)}


def disk() -> dict[str, Any]:
    """Free megabytes where evidence is kept."""
    folder = settings.EVIDENCE_ROOT
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    free_mb = shutil.disk_usage(folder).free // 1_000_000
    return {"ok": free_mb >= LEAST_FREE_MB, "free_mb": free_mb}
