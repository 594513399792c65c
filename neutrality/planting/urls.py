"""Addresses of the planting room."""

from django.urls import path

from neutrality.planting.views import drawing, organizing, public, verifying

app_name = "planting"
urlpatterns = [
    path("plantings/", public.plantings, name="list"),
    path("plantings/area/", public.overseen, name="overseen"),
    path("plantings/surveys/", verifying.surveys, name="surveys"),
    path("plantings/surveys/<str:number>/", verifying.verify, name="verify"),
    path("plantings/nearby.geojson", drawing.nearby, name="nearby"),
    path("plantings/<str:number>/", public.planting, name="planting"),
    path("plantings/<str:number>/land.geojson", public.land, name="land"),
    path("plantings/<str:number>/survey/", organizing.survey, name="survey"),
    path("plantings/<str:number>/call-off/", organizing.call_off, name="call_off"),
    path("activities/<str:code>/planting/", organizing.commit, name="commit"),
    path("activities/<str:code>/planting/measure/", drawing.measure, name="measure"),
]
