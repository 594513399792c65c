app_name = "trail"
urlpatterns: list = []
