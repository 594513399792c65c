"""Addresses of confirmation."""

from django.urls import path

from neutrality.evaluation import views

app_name = "evaluation"
urlpatterns = [
    path("activities/<str:code>/confirmation/", views.confirmation, name="confirmation"),
    path("activities/<str:code>/confirmation/commit/", views.commit, name="commit"),
    path("activities/<str:code>/confirmation/invite/", views.invite, name="invite"),
    path("commitments/<str:number>/take-back/", views.take_back, name="take_back"),
    path("assignments/", views.assignments, name="assignments"),
    path("assignments/<str:code>/", views.assignment, name="assignment"),
    path("assignments/<str:code>/accept/", views.accept, name="accept"),
    path("assignments/<str:code>/decline/", views.decline, name="decline"),
    path("assignments/<str:code>/withdraw/", views.withdraw, name="withdraw"),
    path("assignments/<str:code>/lines/<int:position>/", views.line, name="line"),
    path("assignments/<str:code>/sign/", views.sign, name="sign"),
    path("evaluations/<str:number>/", views.evaluation, name="show"),
]
