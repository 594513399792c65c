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


@pytest.mark.parametrize(("age_s", "expected"), [(0, 200), (299, 200), (301, 302), (7 * 3600, 302)])
def test_age_of_the_factor(cast, age_s, expected):
    make_calendar()
    case = prepare(make_case(subject=cast.home), cast.regulator)
    recommend(case, cast.regulator)
    client = cast.client("second_officer")
    used(client, cast.second_officer, time.time() - age_s)
    answer = client.get(reverse("oversight:act", args=[case.number, "decide"]))
    assert answer.status_code == expected
    if expected == 302:
        assert "/reauthenticate/" in answer.url
        assert client.post(reverse("oversight:act", args=[case.number, "decide"]), {"text": "同意"}).status_code == 302
        assert case.steps.last().state == "recommended"


def test_preparing_needs_no_fresh_factor(cast):
    case = make_case(subject=cast.home)
    client = cast.client("regulator")
    used(client, cast.regulator, time.time() - 3600)
    assert client.get(reverse("oversight:act", args=[case.number, "investigate"])).status_code == 200
