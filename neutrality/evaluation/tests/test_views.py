"""The pages of confirmation, as each person of the cast meets them."""

import pytest
from django.urls import reverse

from neutrality.activities.tests.factories import make_activity
from neutrality.evaluation import queries
from neutrality.evaluation.models import Assignment, Evaluation, LineFinding
from neutrality.evaluation.tests.factories import (
    EVERYTHING,
    INDEPENDENT,
    make_assignment,
    make_commitment,
    make_evaluation,
)
from neutrality.inventory.tests.factories import make_submitted_inventory
from neutrality.offsets.tests.factories import make_retirement

pytestmark = pytest.mark.django_db


@pytest.fixture
def inventory(cast):
    activity = make_activity(organization=cast.home, created_by=cast.organizer, state="committed")
    return make_submitted_inventory(activity, by=cast.organizer)


def page(name, *args):
    return reverse(f"evaluation:{name}", args=args)


def test_organizer_commits_through_the_pages(cast, inventory):
    code, client = inventory.activity.code, cast.client("organizer")
    assert client.get(page("confirmation", code)).status_code == 200
    shown = client.get(page("commit", code))
    assert inventory.digest in shown.content.decode()
    sent = {"digest": inventory.digest, "affirmed": sorted(EVERYTHING), "signatory": "李青"}
    assert client.post(page("commit", code), sent).status_code == 302
    assert queries.confirmation(inventory.activity).mode == "self"
    commitment = inventory.self_commitments.get()
    assert client.post(page("take_back", commitment.number), {"reason": ""}).status_code == 422
    assert client.post(page("take_back", commitment.number), {"reason": "重新核对"}).status_code == 302
    assert not queries.confirmation(inventory.activity).positive


def test_missing_item_keeps_the_form(cast, inventory):
    sent = {"digest": inventory.digest, "affirmed": ["truth"], "signatory": "李青"}
    answer = cast.client("organizer").post(page("commit", inventory.activity.code), sent)
    assert answer.status_code == 422
    assert "李青" in answer.content.decode()
    assert "checked" in answer.content.decode()


def test_evaluator_judges_and_signs_through_the_pages(cast, inventory):
    code, organizer, evaluator = inventory.activity.code, cast.client("organizer"), cast.client("evaluator")
    body = cast.evaluating_body
    assert organizer.post(page("invite", code), {"organization": body.pk, "message": "请评价"}).status_code == 302
    task = Assignment.objects.get()
    assert task.code in evaluator.get(page("assignments")).content.decode()
    assert "请评价" in evaluator.get(page("assignment", task.code)).content.decode()
    assert evaluator.get(page("line", task.code, 1)).status_code == 404
    assert evaluator.post(page("accept", task.code), {"declared": ["competent"]}).status_code == 422
    assert evaluator.post(page("accept", task.code), {"declared": sorted(INDEPENDENT)}).status_code == 302
    for line in queries.verdicts(task, inventory):
        sent = {"digest": inventory.digest, "verdict": "agreed"}
        assert evaluator.post(page("line", task.code, line.position), sent).status_code == 302
    sent = {
        "digest": inventory.digest,
        "opinion": "unmodified",
        "conclusion_zh": "公允反映。",
        "declared": sorted(INDEPENDENT),
    }
    answer = evaluator.post(page("sign", task.code), sent)
    evaluation = Evaluation.objects.get()
    assert answer.url == page("show", evaluation.number)
    public = cast.client("anonymous").get(answer.url).content.decode()
    assert body.name in public
    assert inventory.digest in public


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"verdict": "clarify"}, "text"),
        ({"verdict": "misstated", "text": "少计"}, "difference_kg"),
        ({"verdict": "misstated", "text": "少计", "difference_kg": "about 10"}, "difference_kg"),
        ({"verdict": "misstated", "text": "少计", "difference_kg": "1e400"}, "difference_kg"),
        ({}, "verdict"),
    ],
)
def test_bad_findings_are_explained(cast, inventory, sent, field):
    task = make_assignment(inventory.activity, cast.evaluating_body, by=cast.evaluator)
    answer = cast.client("evaluator").post(page("line", task.code, 1), {"digest": inventory.digest, **sent})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not LineFinding.objects.exists()


def test_negative_difference_is_read(cast, inventory):
    task = make_assignment(inventory.activity, cast.evaluating_body, by=cast.evaluator)
    sent = {"digest": inventory.digest, "verdict": "misstated", "text": "多计", "difference_kg": "-1,080.5"}
    cast.client("evaluator").post(page("line", task.code, 1), sent)
    assert str(LineFinding.objects.get().difference_kg) == "-1080.5000"


def test_conflict_is_told_in_words(cast, inventory):
    retirement = make_retirement(inventory.activity, 5)
    assert retirement
    answer = cast.client("organizer").post(page("invite", inventory.activity.code), {"organization": cast.home.pk})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("organizer", 200),
        ("colleague", 200),
        ("stranger", 404),
        ("evaluator", 404),
        ("citizen", 404),
        ("anonymous", 302),
    ],
)
def test_who_opens_the_confirmation(cast, inventory, who, expected):
    assert cast.client(who).get(page("confirmation", inventory.activity.code)).status_code == expected


@pytest.mark.parametrize(
    ("who", "expected"),
    [("organizer", 200), ("colleague", 403), ("stranger", 404), ("regulator", 404), ("anonymous", 302)],
)
@pytest.mark.parametrize("name", ["commit", "invite"])
def test_who_may_confirm(cast, inventory, who, expected, name):
    assert cast.client(who).get(page(name, inventory.activity.code)).status_code == expected


@pytest.mark.parametrize(
    ("who", "expected"),
    [("evaluator", 200), ("organizer", 404), ("stranger", 404), ("citizen", 404), ("anonymous", 302)],
)
@pytest.mark.parametrize("name", ["assignment", "accept", "decline", "sign"])
def test_who_opens_an_assignment(cast, inventory, who, expected, name):
    task = make_assignment(inventory.activity, cast.evaluating_body, by=cast.evaluator)
    assert cast.client(who).get(page(name, task.code)).status_code == expected


def test_organizer_ends_the_assignment(cast, inventory):
    task = make_assignment(inventory.activity, cast.evaluating_body, by=cast.evaluator)
    assert cast.client("colleague").post(page("withdraw", task.code)).status_code == 403
    assert cast.client("organizer").post(page("withdraw", task.code), {"reason": "改期"}).status_code == 302
    assert cast.client("organizer").post(page("withdraw", task.code), {"reason": "改期"}).status_code == 422


def test_opinion_about_an_older_version_says_so(cast, inventory):
    evaluation = make_evaluation(inventory)
    make_commitment(inventory)
    answer = cast.client("anonymous").get(page("show", evaluation.number))
    assert answer.context["superseded"] is False


@pytest.mark.parametrize("number", [1, 3])
def test_list_of_assignments_asks_a_fixed_number_of_questions(cast, django_assert_num_queries, number):
    for _ in range(number):
        activity = make_activity(state="committed")
        make_assignment(activity, cast.evaluating_body, accepted=False)
    client = cast.client("evaluator")
    client.get(page("assignments"))
    with django_assert_num_queries(4):
        client.get(page("assignments"))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_speaks_both_languages(cast, inventory, language):
    task = make_assignment(inventory.activity, cast.evaluating_body, by=cast.evaluator)
    client = cast.client("evaluator")
    client.cookies["django_language"] = language
    for name, args in (("assignment", [task.code]), ("line", [task.code, 1]), ("sign", [task.code])):
        assert client.get(page(name, *args)).status_code == 200
