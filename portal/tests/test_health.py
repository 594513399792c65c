import time

import pytest
from django.db import connection

from portal import pulse
from portal.views import health


@pytest.fixture
def beating():
    pulse.mark()


def test_live_answers_without_database(client):
    assert client.get("/healthz/live/").json() == {"status": "ok"}


def test_healthy_portal_answers_200_with_figures(client, db, beating):
    answer = client.get("/healthz/")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert set(answer.json()["checks"]) == {"database", "worker", "disk"}
    assert answer["Cache-Control"].startswith("max-age=0")


def test_old_pulse_fails(client, db, monkeypatch):
    pulse.mark()
    monkeypatch.setattr(health, "OLDEST_PULSE_S", 0)
    answer = client.get("/healthz/")
    assert (answer.status_code, answer.json()["checks"]["worker"]["ok"]) == (503, False)


def test_missing_pulse_fails_once_the_portal_had_time(client, db, monkeypatch):
    assert client.get("/healthz/").json()["checks"]["worker"]["age_s"] is None
    monkeypatch.setattr(health, "STARTED", time.monotonic() - 1000)
    assert client.get("/healthz/").status_code == 503


def test_full_disk_fails(client, db, beating, monkeypatch):
    monkeypatch.setattr(health, "LEAST_FREE_MB", 10**12)
    answer = client.get("/healthz/")
    assert (answer.status_code, answer.json()["checks"]["disk"]["ok"]) == (503, False)


@pytest.mark.django_db(transaction=True)
def test_lost_database_fails_and_says_no_more(client, beating):
    good = connection.settings_dict["HOST"], connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict.update(HOST="127.0.0.1", PORT="1")
    try:
        answer = client.get("/healthz/")
    finally:
        connection.settings_dict.update(HOST=good[0], PORT=good[1])
    assert (answer.status_code, answer.json()["checks"]["database"]) == (503, {"ok": False})


def test_pulse_in_a_folder_is_seen_by_another_process(settings, tmp_path):
    settings.BROKER_FOLDER = str(tmp_path)
    assert pulse.age_s() is None
    pulse.mark()
    assert pulse.age_s() < 5
