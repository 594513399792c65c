"""Addresses of people and organizations. The public page of an organization belongs to `standing`."""

from django.conf import settings
from django.urls import path

from accounts import demo, keypages, views

app_name = "accounts"
urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("profile/keys/", keypages.keys, name="keys"),
    path("second-factor/", views.second_factor, name="second_factor"),
    path("organizations/new/", views.new, name="new"),
    path("organizations/mine/", views.mine, name="mine"),
    path("organizations/pending/", views.pending, name="pending"),
    path("organizations/pending/<str:code>/", views.judge, name="judge"),
    path("organizations/<str:code>/settings/", views.settings, name="settings"),
    path("organizations/<str:code>/settings/details/", views.edit, name="edit"),
    path("organizations/<str:code>/settings/invite/", views.invite, name="invite"),
    path("organizations/<str:code>/settings/invitations/<uuid:invitation>/", views.withdraw, name="withdraw"),
    path("organizations/<str:code>/settings/members/<uuid:person>/", views.member, name="member"),
    path("organizations/<str:code>/settings/members/<uuid:person>/end/", views.leave, name="leave"),
    path("organizations/<str:code>/settings/keys/new/", keypages.make, name="make_key"),
    path("organizations/<str:code>/settings/keys/<uuid:key>/revoke/", keypages.revoke, name="revoke_key"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
]

if settings.DEMO:
    urlpatterns += [
        path("demo/", demo.people, name="demo"),
        path("demo/enter/<uuid:person>/", demo.enter, name="enter"),
    ]
