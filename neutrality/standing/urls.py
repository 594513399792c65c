"""Addresses of standing."""

from django.urls import path

from neutrality.standing import views

app_name = "standing"
urlpatterns = [
    path("standing/", views.index, name="index"),
    path("standing/policy/", views.policy, name="policy"),
    path("standing/policy/<int:version>/", views.policy, name="policy_version"),
    path("standing/entries/<str:number>/", views.listing, name="listing"),
    path("standing/entries/<str:number>/repair/", views.repair, name="repair"),
    path("standing/proposals/<str:number>/", views.recommend, name="recommend"),
    path("organizations/<str:code>/", views.organization, name="organization"),
]
