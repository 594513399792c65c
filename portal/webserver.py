"""How gunicorn serves the portal; in production: gunicorn --config python:portal.webserver portal.wsgi

Threads, never forked after loading (a connection pool does not survive a fork), every wait bounded.
"""

import os
import select
from pathlib import Path

from portal import environment

worker_class = "gthread"
workers = int(os.environ.get("WEB_PROCESSES") or 2)
threads = 8
preload_app = False
timeout = 60
graceful_timeout = 6
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
limit_request_line = 4094
limit_request_fields = 60
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 (heartbeat files without disk waits)
errorlog = "-"
accesslog = None


def on_starting(server):
    """Refuse a bad environment once and in words, before any process tries to load the portal."""
    os.environ.setdefault("PRODUCTION", "1")
    problems = environment.read(os.environ, Path(__file__).resolve().parent.parent).problems
    if problems:
        raise SystemExit(environment.refusal(problems))


def post_worker_init(worker):
    """The portal is loaded, its pages too, so that the first caller does not wait for them. Where ``serve`` prepares
    the tables meanwhile, callers wait until it closes the other end of the gate; a gate that is open stays open."""
    from django.urls import get_resolver

    get_resolver().reverse_dict  # noqa: B018 (asking for it loads every page)
    gate = os.environ.get("QINGZHANG_GATE")
    while gate and worker.alive and not select.select([int(gate)], [], [], 1)[0]:
        worker.notify()
