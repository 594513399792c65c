"""The shell: knows every room, holds no rule."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
