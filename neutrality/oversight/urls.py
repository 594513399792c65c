"""Addresses of cases."""

from django.urls import path

from neutrality.oversight import views

app_name = "oversight"
urlpatterns = [
    path("queue/", views.queue, name="queue"),
    path("queue/clock/", views.confirm_clock, name="confirm_clock"),
    path("queue/review/<str:digest>/", views.review, name="review"),
    path("statements/<str:number>/challenge/", views.challenge, name="challenge"),
    path("cases/mine/", views.mine, name="mine"),
    path("cases/<str:number>/", views.case, name="case"),
    path("cases/<str:number>/evidence/", views.add_evidence, name="add_evidence"),
    path("cases/<str:number>/evidence/<int:exhibit>/take-back/", views.take_back, name="take_back"),
    path("cases/<str:number>/<slug:code>/", views.act, name="act"),
]
