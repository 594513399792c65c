"""Whatever is typed into whatever field of this room, the answer is a page that says what to do, never a fault."""

from datetime import date

import pytest
from django.urls import reverse

from neutrality.activities.models import Activity
from neutrality.activities.tests.factories import AT, make_activity, make_measure
from neutrality.rulebook.tests.factories import load_rulebook

pytestmark = pytest.mark.django_db
NASTY = (
    "",
    " ",
    "\x00",
    "NaN",
    "-1",
    "1e400",
    "1_000",
    "1.448,5",
    "９" * 40,
    "９９９９-９９-９９",
    "0000-00-00",
    "99999-12-31",
    "<script>alert(1)</script>",
    "\u202e\ud7ff",
    "x" * 20_000,
    "[]",
)
ACTIONS = ("copy", "amend", "people", "add_measure", "edit_measure", "report_measure")


def pages(activity):
    yield reverse("activities:register", args=("event",))
    yield reverse("activities:register", args=("operation",))
    for section in ("what", "place", "boundary", "promise"):
        yield reverse("activities:edit", args=(activity.code, section))
    for name in ACTIONS:
        number = (1,) if name in ("edit_measure", "report_measure") else ()
        yield reverse(f"activities:{name}", args=(activity.code, *number))


@pytest.mark.parametrize("state", ["draft", "committed"])
def test_hostile_input_is_answered_everywhere(cast, state):
    load_rulebook(AT)
    activity = make_activity(organization=cast.home, state=state, starts_on=date(2026, 11, 1), ends_on=date(2099, 1, 1))
    make_measure(activity)
    client = cast.client("organizer")
    names = {name for url in pages(activity) for name in fields(client, url)}
    for url in pages(activity):
        for text in NASTY:
            answer = client.post(url, dict.fromkeys(names, text))
            assert answer.status_code in (302, 422), (url, text[:20])
    kept = Activity.objects.get(pk=activity.pk)
    assert (kept.state, kept.name_zh, kept.measures.count()) == (state, activity.name_zh, 1)


def fields(client, url):
    answer = client.get(url, follow=True)
    return list(answer.context["form"].fields) if answer.context and "form" in answer.context else []
