app_name = "offsets"
urlpatterns: list = []
