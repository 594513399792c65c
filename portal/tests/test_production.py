"""A production start as it really happens: a new process with an environment of its own."""

import json
import os
import subprocess
import sys

import pytest

from portal.catalogues import ROOT
from portal.tests.test_environment import GOOD

SETTINGS = """
import json, os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
from django.conf import settings
print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}, default=str))
"""


def run(code, *arguments, **environ):
    """``code`` in a fresh Python that sees only ``environ``."""
    given = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env=given | environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def read(*names, **environ):
    done = run(SETTINGS, *names, **environ)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_web_entry_alone_is_a_production_start_and_refuses_with_every_name():
    done = run("import portal.wsgi", DEMO="1")
    assert done.returncode != 0
    missing = ["SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "MAIL_FROM", "EVIDENCE_ROOT", "ALLOWED_HOSTS"]
    for name in [*missing, "DEMO"]:
        assert f"  - {name} " in done.stderr


def test_web_entry_starts_with_good_values():
    done = run("import portal.wsgi", **GOOD)
    assert done.returncode == 0, done.stderr


def test_deployment_check_has_nothing_to_say():
    code = "import sys; from django.core.management import execute_from_command_line as go; go(['x', *sys.argv[1:]])"
    environ = GOOD | {"DJANGO_SETTINGS_MODULE": "portal.settings"}
    done = run(code, "check", "--deploy", "--fail-level", "WARNING", **environ)
    assert done.returncode == 0, done.stderr


def test_production_cookies_and_transport_are_strict():
    found = read(
        "SESSION_COOKIE_NAME",
        "CSRF_COOKIE_NAME",
        "SESSION_COOKIE_SECURE",
        "SESSION_COOKIE_HTTPONLY",
        "CSRF_COOKIE_SECURE",
        "SECURE_HSTS_SECONDS",
        "SECURE_SSL_REDIRECT",
        "SECURE_PROXY_SSL_HEADER",
        **GOOD,
    )
    assert found == {
        "SESSION_COOKIE_NAME": "__Host-session",
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_HSTS_SECONDS": 63_072_000,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"],
    }


def test_production_without_proxy_believes_no_forwarded_header():
    assert read("SECURE_PROXY_SSL_HEADER", **GOOD, TRUSTED_PROXIES="0") == {"SECURE_PROXY_SSL_HEADER": None}


def test_production_shares_its_cache_and_its_broker():
    found = read("CACHES", "CELERY_BROKER_URL", "CELERY_BROKER_TRANSPORT_OPTIONS", **GOOD)
    assert found["CACHES"]["default"]["BACKEND"].endswith("RedisCache")
    assert found["CELERY_BROKER_URL"] == GOOD["REDIS_URL"]
    assert found["CELERY_BROKER_TRANSPORT_OPTIONS"]["visibility_timeout"] == 900


@pytest.mark.parametrize(("given", "pooled"), [({}, False), ({"DATABASE_POOL": "1"}, True)])
def test_only_the_web_has_a_pool(given, pooled):
    found = read("DATABASES", **GOOD, **given)["DATABASES"]["default"]
    assert ("pool" in found["OPTIONS"]) is pooled
    assert found["CONN_MAX_AGE"] == (0 if pooled else 60)


def test_hard_time_limit_is_under_half_the_visibility_timeout():
    found = read("CELERY_TASK_TIME_LIMIT", "VISIBILITY_S", **GOOD)
    assert found["CELERY_TASK_TIME_LIMIT"] * 2 < found["VISIBILITY_S"]


def test_production_log_is_one_object_a_line_and_keeps_chinese():
    code = (
        SETTINGS + "import django, logging; django.setup(); logging.getLogger('x').warning('碳\\naccount %s', 'forged')"
    )
    done = run(code, "DEBUG", **GOOD)
    line = json.loads(done.stderr)
    assert (line["level"], line["message"]) == ("WARNING", "碳\naccount forged")
    assert "碳" in done.stderr
