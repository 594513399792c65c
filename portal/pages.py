"""The shell's own addresses, namespace `portal`."""

from django.contrib.sitemaps import views as sitemaps
from django.urls import path, register_converter

from portal.converters import Language, PublicCode
from portal.sitemaps import SITEMAPS
from portal.views import (
    activity,
    certificates,
    desk,
    health,
    home,
    land,
    methodology,
    plan,
    reserving,
    search,
    shell,
    units,
)

register_converter(PublicCode, "public_code")
register_converter(Language, "language")

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("activities/<public_code:code>/", activity.show, name="activity"),
    path("activities/<public_code:code>/plan/", plan.show, name="plan"),
    path("activities/<public_code:code>/offsets/", units.units, name="units"),
    path(
        "activities/<public_code:code>/cancellations.<language:language>.pdf",
        certificates.cancellations,
        name="cancellations_certificate",
    ),
    path("activities/<public_code:code>/certificates.zip", certificates.all_of_one, name="certificates"),
    path(
        "offsets/cancellations/<str:number>/certificate.<language:language>.pdf",
        certificates.cancellation,
        name="cancellation_certificate",
    ),
    path(
        "statements/<str:number>/certificate.<language:language>.pdf",
        certificates.statement,
        name="statement_certificate",
    ),
    path("check/", certificates.find, name="check"),
    path("check/<str:code>/", certificates.check, name="checked"),
    path("offsets/holdings/<str:code>/<str:block>/reserve/", reserving.reserve, name="reserve"),
    path("offsets/projects/<str:code>/land/", land.project_land, name="project_land"),
    path("desk/", desk.desk, name="desk"),
    path("search/", search.search, name="search"),
    path("methodology/", methodology.methodology, name="methodology"),
    path("methodology/<slug:code>/", methodology.rulebook, name="rulebook"),
    path("methodology/<slug:code>/<str:version>/", methodology.rulebook, name="rulebook_version"),
    path("text-size/", shell.text_size, name="text_size"),
    path("healthz/", health.show, name="health"),
    path("healthz/live/", health.live, name="alive"),
    path("robots.txt", shell.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, {"sitemaps": SITEMAPS, "sitemap_url_name": "portal:sitemap"}, name="sitemaps"),
    path("sitemap-<section>.xml", sitemaps.sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
]
