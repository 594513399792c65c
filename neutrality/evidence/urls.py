from django.urls import path, register_converter

from neutrality.evidence import views


class Digest:
    """A SHA-256 as hex."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Digest, "sha256")
app_name = "evidence"
urlpatterns = [path("evidence/<sha256:digest>/", views.download, name="download")]
