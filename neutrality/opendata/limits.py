"""How often somebody may ask: a public calculation by address, everything else by key. What is counted lies in the
shared cache, as for the limits against guessing."""

from allauth.core.internal import ratelimit  # the public one lets every GET pass uncounted
from django.http import HttpRequest
from django.utils.translation import gettext as _

from neutrality.opendata.problems import Wrong

WAIT_SECONDS = 60


def count(request: HttpRequest, action: str, key: str = "") -> None:
    """Count one request of `action`, by key or by address. Raises Wrong 429 on the one too many."""
    counted = ratelimit.consume(request, app="allauth.account", action=action, key=key or None, limit_get=True)
    if counted is None:
        detail = _("Wait a minute, then go on; send more rows at once instead of many small requests.")
        raise Wrong(429, "too_often", detail, headers={"Retry-After": str(WAIT_SECONDS)})
