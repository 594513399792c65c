"""The asynchronous web entry; the same rules as in wsgi.py."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("PRODUCTION", "1")
application = get_asgi_application()
