"""Deciding asks for the second factor once more: it must have been used within the last five minutes (T2, V43)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

FRESH_FOR = timedelta(minutes=5)


def factor_at(request: Any) -> datetime | None:
    """When this session last used a second factor; None if it never did."""
    records = get_authentication_records(request, request.user)
    moments = [record["at"] for record in records if record.get("method") == "mfa"]
    return datetime.fromtimestamp(max(moments), UTC) if moments else None


def is_fresh(request: Any, at: datetime) -> bool:
    """Whether the factor is fresh enough to decide. People of the demonstration have none; their door counts."""
    if settings.DEMO and request.user.is_demo:
        return True
    used = factor_at(request)
    return used is not None and at - used <= FRESH_FOR


def ask(request: Any) -> HttpResponse:
    """To the page where the factor is used again, and back to the form."""
    passkey = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.WEBAUTHN).exists()
    page = "mfa_reauthenticate_webauthn" if passkey else "mfa_reauthenticate"
    return redirect(f"{reverse(page)}?{urlencode({'next': request.path})}")
