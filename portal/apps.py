from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        # The Celery app loads with Django, so that every task finds the broker the settings name.
        import portal.celery  # noqa: F401
