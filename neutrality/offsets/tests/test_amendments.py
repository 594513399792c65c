"""A project is corrected at its registry's desk: dated, with a reason, the old words kept, the registry's own first."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.tests.factories import make_organization, make_user
from neutrality.appendonly import ChangeForbidden
from neutrality.offsets import operations, queries, recheck
from neutrality.offsets.models import Project, ProjectAmendment, ProjectVersion
from neutrality.offsets.rules import sources
from neutrality.offsets.rules.browsing import Filters
from neutrality.offsets.tests.factories import AT, make_block, make_kind
from neutrality.offsets.tests.test_described import WINDOW, handed, verra
from neutrality.refusals import Refusal
from neutrality.trail.models import Entry

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=30)


def recorded(kind="cdcer", **over):
    facts = {"registry": make_kind(kind).registry, "identifier": "CD-7", "name_zh": "绿道", "country": "CN"}
    return operations.register_project(facts=facts | over, by=make_user(), at=AT)


def corrected(project, reason="登记时写错", at=LATER, wording=None, **wanted):
    return operations.amend_project(
        project=project,
        wanted=queries.amendable(Project.objects.get(pk=project.pk)) | wanted,
        wording=wording or queries.wording(Project.objects.get(pk=project.pk)),
        reason=reason,
        body=make_organization("registry"),
        by=make_user(),
        at=at,
    )


def refused(project, **wanted):
    before = Project.objects.filter(pk=project.pk).values().get()
    with pytest.raises(Refusal) as found:
        corrected(project, **wanted)
    assert Project.objects.filter(pk=project.pk).values().get() == before
    assert not ProjectAmendment.objects.exists()
    return [(problem.code, problem.field) for problem in found.value.problems]


def test_old_and_new_words_stand_side_by_side(client):
    project = recorded(verifier="某机构", crediting_start=WINDOW[0], labels="CCB", region_code="510000")
    made = corrected(project, name_zh="天府绿道", verifier="中环联合", crediting_end=WINDOW[1], labels="CCB; CORSIA")
    project.refresh_from_db()
    assert (project.name_zh, project.verifier, project.labels) == ("天府绿道", "中环联合", "CCB; CORSIA")
    assert (project.crediting_start, project.crediting_end) == WINDOW
    assert made.changes == {
        "name_zh": ["绿道", "天府绿道"],
        "verifier": ["某机构", "中环联合"],
        "crediting_end": ["", "2030-12-31"],
        "labels": ["CCB", "CCB; CORSIA"],
    }
    page = client.get(reverse("offsets:project", args=[project.code])).content.decode()
    for text in ("<del>绿道</del>", "天府绿道", "<del>某机构</del>", "登记时写错", made.body.name, "2026-07-10"):
        assert text in page
    entry = Entry.objects.order_by("number").last()
    assert (entry.verb, entry.subject) == ("project.amend", f"project:{project.code}")
    assert entry.content["changes"] == made.changes
    assert list(recheck.findings()) == []


def test_who_corrects_is_told_on_the_page_and_a_person_is_not(client):
    project = recorded()
    corrected(project, developer="某公司")
    page = client.get(reverse("offsets:project", args=[project.code])).content.decode()
    assert ProjectAmendment.objects.get().amended_by.get_username() not in page


def test_what_was_never_corrected_has_no_corrections(client):
    page = client.get(reverse("offsets:project", args=[recorded().code])).content.decode()
    assert 'id="corrections"' not in page


def test_each_correction_has_its_number_and_none_is_changed():
    project = recorded()
    corrected(project, developer="甲")
    second = corrected(project, developer="乙")
    assert [row.number for row in queries.amendments(project)] == [2, 1]
    with pytest.raises(ChangeForbidden):
        second.save()
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute("UPDATE offsets_projectamendment SET reason = 'x'")


def test_nothing_without_a_reason_and_nothing_for_nothing():
    project = recorded()
    assert refused(project) == [("nothing_changed", None)]
    assert refused(project, reason=" ", developer="甲") == [("no_reason", "reason")]
    corrected(project, developer="甲")


def test_nobody_writes_over_what_came_meanwhile():
    project = recorded()
    seen = queries.wording(project)
    corrected(project, developer="甲")
    with pytest.raises(Refusal) as found:
        corrected(project, developer="乙", wording=seen)
    assert found.value.code == "changed_meanwhile"
    assert Project.objects.get(pk=project.pk).developer == "甲"


def test_the_registrys_own_table_is_corrected_by_the_registry():
    handed(verra())
    project = Project.objects.get(identifier="3005")
    assert refused(project, name_en="Another") == [("source_stands", "name_en")]
    assert refused(project, crediting_start=date(2020, 1, 1)) == [("source_stands", "crediting_start")]
    corrected(project, name_zh="通许沼气", verifier="SGS")  # of these its table says nothing
    project.refresh_from_db()
    assert (project.name_zh, project.verifier) == ("通许沼气", "SGS")
    assert (project.crediting_start, project.crediting_end) == WINDOW
    assert list(recheck.findings()) == []


def test_a_blank_takes_nothing_away():
    project = recorded(verifier="某机构")
    assert refused(project, verifier="") == [("source_stands", "verifier")]


def test_labels_of_others_stay_theirs():
    handed(verra().replace("Tongxu", "Tongxu"))
    project = Project.objects.get(identifier="3005")
    corrected(project, labels="CCB")
    corrected(project, labels="CCB; CORSIA")
    version = ProjectVersion.objects.filter(layout=sources.DESK).latest("version")
    assert (version.version, version.facts) == (2, {"labels": "CCB; CORSIA"})
    corrected(project, labels="CORSIA")  # the desk takes back what the desk said
    project.refresh_from_db()
    assert project.labels == "CORSIA"


def test_a_corrected_place_takes_the_blocks_to_another_shelf_and_the_search_along():
    project = recorded(region_code="510000")
    block = make_block(kind="cdcer", project=project)
    operations.count(at=AT)
    corrected(project, region_code="500000", name_zh="江北绿道")
    assert [row.pk for row in queries.blocks(Filters(place="500000")).rows] == [block.pk]
    assert queries.blocks(Filters(place="510000")).rows == []
    assert [row.code for row in queries.projects(Filters(q="江北")).rows] == [project.code]
    assert list(recheck.findings()) == []


def test_through_the_desks_page(cast):
    project = recorded(region_code="510000", labels="CCB")
    client, address = cast.client("registrar"), reverse("offsets:amend_project", args=[project.code])
    assert address in client.get(reverse("offsets:project", args=[project.code])).content.decode()
    form = client.get(address).context["form"]
    given = {name: field.value() for name, field in ((field.name, field) for field in form)}
    posted = {name: value for name, value in given.items() if value not in (None, False)}
    answer = client.post(address, posted | {"name_zh": "天府绿道"})
    assert set(answer.context["form"].errors) == {"reason"}
    assert answer.status_code == 422
    answer = client.post(address, posted | {"name_zh": "天府绿道", "reason": "登记时写错"})
    assert answer.status_code == 302
    made = ProjectAmendment.objects.get()
    assert made.changes == {"name_zh": ["绿道", "天府绿道"]}
    stale = client.post(address, posted | {"name_zh": "别的", "reason": "再改"})
    assert stale.status_code == 422
    assert ProjectAmendment.objects.count() == 1
    assert address not in cast.client("organizer").get(reverse("offsets:project", args=[project.code])).content.decode()
