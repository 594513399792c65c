from django.urls import path, re_path

from neutrality.disclosure import views

app_name = "disclosure"
urlpatterns = [
    path("register/", views.register, name="register"),
    path("statements/<str:number>.json", views.statement_json, name="statement_json"),
    path("statements/<str:number>/", views.statement, name="statement"),
    re_path(
        r"^statements/(?P<number>[^/]+)/badge\.(?P<language>zh|en)(?P<tones>(?:\.mono)?)\.svg$",
        views.badge,
        name="badge",
    ),
    path("statements/<str:number>/then/", views.then, name="then"),
    path("statements/<str:number>/lines/<slug:source>/", views.lines, name="lines"),
    path("statements/<str:number>/withdraw/", views.withdraw, name="withdraw"),
    path("plans/<str:number>.json", views.plan_json, name="plan_json"),
    path("plans/<str:number>/", views.plan, name="plan"),
    path("activities/<str:code>/publish-plan/", views.publish_plan, name="publish_plan"),
    path("activities/<str:code>/publish-statement/", views.publish_statement, name="publish_statement"),
]
