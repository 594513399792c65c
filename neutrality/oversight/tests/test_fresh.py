"""A decision asks for a fresh second factor; preparing does not."""

import time

import pytest
from django.urls import reverse

from neutrality.oversight.tests.factories import make_calendar, make_case, prepare, recommend

pytestmark = pytest.mark.django_db


def used(client, user, moment):
    """The session says that the factor was used at `moment`."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": moment}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


@pytest.mark.parametrize(("age_s", "decided"), [(0, True), (240, True), (360, False), (4 * 3600, False)])
def test_age_of_the_factor(cast, age_s, decided):
    make_calendar()
    case = prepare(make_case(subject=cast.home), cast.regulator)
    recommend(case, cast.regulator)
    client = cast.client("second_officer")
    used(client, cast.second_officer, time.time() - age_s)
    address = reverse("oversight:act", args=[case.number, "decide"])
    assert client.get(address).status_code == 200
    answer = client.post(address, {"text": "同意"})
    assert answer.status_code == 302
    assert ("reauthenticate" in answer.url) is not decided
    assert case.steps.last().state == ("decided" if decided else "recommended")


def test_preparing_needs_no_fresh_factor(cast):
    case = make_case(subject=cast.home)
    client = cast.client("regulator")
    used(client, cast.regulator, time.time() - 3600)
    assert client.get(reverse("oversight:act", args=[case.number, "investigate"])).status_code == 200
