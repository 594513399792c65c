"""Headers on whatever the portal answers."""

import pytest
from django.http import Http404, HttpResponse, JsonResponse
from django.test import override_settings
from django.urls import path

from portal import middleware, urls

EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": middleware.PERMISSIONS,
}


def broken(request):
    raise RuntimeError("planted")


def missing(request):
    raise Http404


urlpatterns = [
    path("page/", lambda request: HttpResponse("<p>page</p>")),
    path("data.json", lambda request: JsonResponse({})),
    path("file.csv", lambda request: HttpResponse("a,b", content_type="text/csv; charset=utf-8")),
    path("missing/", missing),
    path("broken/", broken),
    *urls.urlpatterns,
]
here = override_settings(ROOT_URLCONF=__name__)


@here
@pytest.mark.parametrize(
    ("address", "status"),
    [("/page/", 200), ("/data.json", 200), ("/file.csv", 200), ("/missing/", 404), ("/page", 301), ("/nowhere/", 404)],
)
def test_every_answer_carries_the_headers(client, address, status):
    answer = client.get(address)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in EXPECTED} == EXPECTED
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@here
def test_wrong_host_and_broken_page_carry_them_too(client, db):
    client.raise_request_exception = False
    for answer, status in (
        (client.get("/page/", headers={"host": "evil.example"}), 400),
        (client.get("/broken/"), 500),
    ):
        assert answer.status_code == status
        assert {name: answer.headers.get(name) for name in EXPECTED} == EXPECTED
        assert "default-src 'none'" in answer["Content-Security-Policy"]


@here
def test_what_is_no_page_is_sandboxed(client):
    assert client.get("/data.json")["Content-Security-Policy"] == middleware.CLOSED
    assert client.get("/file.csv")["Content-Security-Policy"] == middleware.CLOSED
    assert "sandbox" not in client.get("/page/")["Content-Security-Policy"]


@here
@pytest.mark.django_db
def test_answers_for_one_person_are_not_stored(client, django_user_model):
    assert "Cache-Control" not in client.get("/page/").headers
    client.force_login(django_user_model.objects.create_user("someone@example.cn"))
    assert client.get("/page/")["Cache-Control"] == "no-store, private"
