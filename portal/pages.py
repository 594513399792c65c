"""The shell's own addresses, namespace `portal`."""

from django.urls import path

from portal.views import activity, desk, health, home, methodology, plan, search, shell, units

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("activities/<str:code>/", activity.show, name="activity"),
    path("activities/<str:code>/plan/", plan.show, name="plan"),
    path("activities/<str:code>/offsets/", units.units, name="units"),
    path("desk/", desk.desk, name="desk"),
    path("search/", search.search, name="search"),
    path("methodology/", methodology.methodology, name="methodology"),
    path("methodology/<slug:code>/", methodology.rulebook, name="rulebook"),
    path("methodology/<slug:code>/<str:version>/", methodology.rulebook, name="rulebook_version"),
    path("text-size/", shell.text_size, name="text_size"),
    path("healthz/", health.show, name="health"),
    path("healthz/live/", health.live, name="alive"),
    path("robots.txt", shell.robots, name="robots"),
]
