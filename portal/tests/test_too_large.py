"""More text than a form holds: a page in the reader's language that says what to do, and no fault of ours."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db
TEXT = "a" * (6 * 1024**2)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ["too much for one form", "upload the file"]), ("zh-hans", ["内容超出一张表单的上限", "5 MB"])],
)
@pytest.mark.parametrize("who", ["anonymous", "organizer"])
def test_pasted_text_is_refused_in_words(cast, language, words, who):
    client = cast.client(who)
    client.raise_request_exception = True
    client.cookies["language"] = language
    answer = client.post(reverse("account_login"), {"login": TEXT})
    assert answer.status_code == 413
    assert all(word in answer.content.decode() for word in words)
    assert "Traceback" not in answer.content.decode()


def test_one_byte_below_the_limit_is_read(client):
    """Control: what fits is the form's to judge."""
    text = "login=" + TEXT[: 5 * 1024**2 - len("login=")]
    kind = "application/x-www-form-urlencoded"
    assert client.post(reverse("account_login"), text, content_type=kind).status_code == 200
    assert client.post(reverse("account_login"), text + "a", content_type=kind).status_code == 413


def test_too_many_cells_are_refused_likewise(client, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    assert client.post(reverse("account_login"), dict.fromkeys("abcd", "1")).status_code == 413


def test_other_bad_requests_stay_bare(client):
    """A page of ours would ask for the very host that is not ours."""
    answer = client.get("/", headers={"host": "elsewhere.example"})
    assert (answer.status_code, b"<main" in answer.content) == (400, False)
