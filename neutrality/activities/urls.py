from django.urls import path

from neutrality.activities.views import changes, lives, measures

app_name = "activities"
urlpatterns = [
    path("activities/", lives.mine, name="mine"),
    path("activities/new/", lives.choose, name="choose"),
    path("activities/new/<slug:form>/", lives.register, name="register"),
    path("activities/<str:code>/edit/<slug:section>/", lives.edit, name="edit"),
    path("activities/<str:code>/copy/", lives.copy, name="copy"),
    path("activities/<str:code>/copied/", lives.copied, name="copied"),
    path("activities/<str:code>/cancel/", lives.cancel, name="cancel"),
    path("activities/<str:code>/amend/", changes.amend, name="amend"),
    path("activities/<str:code>/people/", changes.people, name="people"),
    path("activities/<str:code>/changes/", changes.changes, name="changes"),
    path("activities/<str:code>/measures/", measures.measures, name="measures"),
    path("activities/<str:code>/measures/new/", measures.add, name="add_measure"),
    path("activities/<str:code>/measures/<int:number>/", measures.edit, name="edit_measure"),
    path("activities/<str:code>/measures/<int:number>/remove/", measures.remove, name="remove_measure"),
    path("activities/<str:code>/measures/<int:number>/report/", measures.report, name="report_measure"),
]
