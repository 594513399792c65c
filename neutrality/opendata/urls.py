"""Addresses of the open data room."""

from django.urls import path

from neutrality.opendata import views
from neutrality.opendata.api import api

app_name = "opendata"
urlpatterns = [
    path("open-data/", views.index, name="index"),
    path("open-data/interface/", views.interface, name="interface"),
    path("open-data/projects/<str:code>.csv", views.project_csv, name="project_csv"),
    path("open-data/projects/<str:code>.jsonl", views.project_jsonl, name="project_jsonl"),
    path("open-data/<slug:name>.csv", views.as_csv, name="csv"),
    path("open-data/<slug:name>.jsonl", views.as_json_lines, name="jsonl"),
    path("api/v1/openapi.json", views.description, name="description"),
    path("api/v1/", api.urls),
]
