"""The web entry. A web server started by hand is a production start unless PRODUCTION=0 says otherwise."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("PRODUCTION", "1")
os.environ.setdefault("DATABASE_POOL", "1")
application = get_wsgi_application()
