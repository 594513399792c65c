"""What every page knows: demonstration or not, the size of the text, where it stands."""

from django.conf import settings
from django.urls import reverse


def shell(request) -> dict:
    """Values for base.html. `here` is where the language and text-size forms return to."""
    return {
        "demo": settings.DEMO,
        "demo_door": reverse("accounts:demo") if settings.DEMO else "",
        "large_text": request.COOKIES.get("text") == "large",
        "canonical": request.build_absolute_uri(request.path),
        "here": request.get_full_path(),
    }
