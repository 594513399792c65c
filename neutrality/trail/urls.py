from django.urls import path

from neutrality.trail import views

app_name = "trail"
urlpatterns = [
    path("trail/", views.entries, name="list"),
    path("trail/checkpoints.json", views.checkpoints, name="checkpoints"),
    path("trail/consistency/<int:old>/<int:size>.json", views.consistency, name="consistency"),
    path("trail/<int:number>/", views.entry, name="entry"),
    path("trail/<int:number>.json", views.receipt, name="receipt"),
]
