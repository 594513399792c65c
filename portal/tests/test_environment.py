"""What the environment may say, and how a production start refuses."""

from pathlib import Path

import pytest

from portal import environment

BASE = Path("/project")
KEY = "kq9!vR2m#Zt7wLp4Xc8@Ny6Hd3Jf5Gs1Bb0Qe-Ua_Ti+Ow=Mx%Ck"
GOOD = {
    "PRODUCTION": "1",
    "SECRET_KEY": KEY,
    "ALLOWED_HOSTS": "qingzhang.example.cn",
    "DATABASE_URL": "postgres://portal:secret@database:5432/qingzhang",
    "REDIS_URL": "redis://redis:6379/0",
    "EMAIL_URL": "smtp://post:secret@mail.example.cn:587?tls=1",
    "MAIL_FROM": "qingzhang@example.cn",
    "EVIDENCE_ROOT": "/var/lib/qingzhang/evidence",
}


def problems(**over):
    return environment.read(GOOD | over, BASE).problems


def names(found):
    return [problem.split()[0] for problem in found]


def test_complete_production_environment_has_no_problem():
    assert problems() == []


def test_empty_production_environment_names_every_missing_value_at_once():
    assert names(environment.read({"PRODUCTION": "1"}, BASE).problems) == [
        "SECRET_KEY",
        "DATABASE_URL",
        "REDIS_URL",
        "EMAIL_URL",
        "MAIL_FROM",
        "EVIDENCE_ROOT",
        "ALLOWED_HOSTS",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", environment.DEVELOPMENT_KEY),
        ("SECRET_KEY", "a" * 80),
        ("SECRET_KEY", "django-insecure-" + KEY),
        ("SECRET_KEY", "   "),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "https://qingzhang.example.cn"),
        ("ALLOWED_HOSTS", " , "),
        ("DATABASE_URL", "sqlite:///file"),
        ("DATABASE_URL", "postgres://host"),
        ("DATABASE_URL", "postgres://host:port/name"),
        ("DATABASE_URL", "postgres://host/name?options=x"),
        ("REDIS_URL", "memory://"),
        ("EMAIL_URL", "console://"),
        ("EMAIL_URL", "file:///mail"),
        ("EMAIL_URL", "smtp://"),
        ("EMAIL_URL", "smtp://host:port"),
        ("EVIDENCE_ROOT", "evidence"),
        ("DEBUG", "1"),
        ("DEBUG", "maybe"),
        ("DEMO", "1"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "one"),
    ],
)
def test_bad_value_is_named_and_never_repeated(name, value):
    found = problems(**{name: value})
    assert names(found) == [name]
    if name == "SECRET_KEY":
        assert value.strip() == "" or value not in found[0]


def test_bad_values_outside_production_are_named_too():
    found = environment.read({"DEMO": "perhaps", "REDIS_URL": "http://x"}, BASE).problems
    assert names(found) == ["DEMO", "REDIS_URL"]


def test_nothing_set_is_a_development_start():
    found = environment.read({}, BASE)
    assert found.problems == []
    assert (found.production, found.demo, found.debug) == (False, False, False)
    assert found.database["NAME"] == "qingzhang"
    assert found.email["EMAIL_FILE_PATH"] == "/project/.private/mail"


def test_database_url_is_taken_apart():
    found = []
    assert environment.database("postgres://us%40er:p%2Fw@host:5433/na%20me?sslmode=require", found) == {
        "NAME": "na me",
        "USER": "us@er",
        "PASSWORD": "p/w",
        "HOST": "host",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }
    assert environment.database("postgres://user@/name?host=/run/a%20b", found)["HOST"] == "/run/a b"
    assert found == []


def test_mail_url_is_taken_apart():
    found = []
    mail = environment.email("smtps://u:p@mail.example.cn", BASE, found)
    assert (mail["EMAIL_PORT"], mail["EMAIL_USE_SSL"], mail["EMAIL_USE_TLS"]) == (465, True, False)
    mail = environment.email("smtp://mail.example.cn", BASE, found)
    assert (mail["EMAIL_PORT"], mail["EMAIL_USE_SSL"], mail["EMAIL_USE_TLS"]) == (587, False, True)
    assert environment.email("smtp://mail.example.cn:25?tls=0", BASE, found)["EMAIL_USE_TLS"] is False
    assert found == []


def test_refusal_has_one_line_for_each_problem():
    text = environment.refusal(["A is missing.", "B is weak."])
    assert text.splitlines()[1:] == ["  - A is missing.", "  - B is weak."]
