app_name = "standing"
urlpatterns: list = []
