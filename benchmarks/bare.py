"""The least a Django view can do: the same bytes, from memory, no middleware. The limit of the benchmark `page`."""

import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

BODY = Path(os.environ["BENCH_BODY"]).read_bytes()


def page(request: HttpRequest, number: str) -> HttpResponse:
    return HttpResponse(BODY, headers={"Content-Length": str(len(BODY))})


urlpatterns = [path("statements/<str:number>/", page)]
settings.configure(ALLOWED_HOSTS=["localhost"], ROOT_URLCONF=__name__, SECRET_KEY="bench", MIDDLEWARE=[])
application = get_wsgi_application()
