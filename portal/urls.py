"""One include per room."""

from django.contrib import admin
from django.urls import include, path

handler400 = "portal.views.shell.not_understood"
handler403 = "portal.views.shell.forbidden"
handler404 = "portal.views.shell.not_found"
handler500 = "portal.views.shell.broken"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/", include("allauth.urls")),
    path("", include("accounts.urls")),
    path("", include("neutrality.trail.urls")),
    path("", include("neutrality.ledger.urls")),
    path("", include("neutrality.evidence.urls")),
    path("", include("neutrality.activities.urls")),
    path("", include("neutrality.inventory.urls")),
    path("", include("neutrality.planting.urls")),
    path("", include("neutrality.offsets.urls")),
    path("", include("neutrality.evaluation.urls")),
    path("", include("neutrality.disclosure.urls")),
    path("", include("neutrality.oversight.urls")),
    path("", include("neutrality.standing.urls")),
    path("", include("neutrality.opendata.urls")),
    path("", include("portal.pages")),  # last: activities/<code>/ would swallow activities/new/
]
