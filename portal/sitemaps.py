"""What search engines may find: the fixed pages, every public activity, every standing statement, every rulebook.

A title in a sitemap never says more than the page: only addresses and days stand here (I6).
"""

from django.contrib.sitemaps import Sitemap
from django.urls import reverse
from django.utils import timezone

from neutrality.activities.models import Activity
from neutrality.disclosure.models import Statement
from neutrality.offsets.models import Project
from neutrality.rulebook import queries as rulebooks

PAGES = (
    "portal:home",
    "disclosure:register",
    "offsets:registry",
    "planting:list",
    "standing:index",
    "inventory:factors",
    "opendata:index",
    "portal:methodology",
    "trail:list",
)


class Pages(Sitemap):
    def items(self):
        return PAGES

    def location(self, item):
        return reverse(item)


class Activities(Sitemap):
    def items(self):
        return Activity.objects.public().order_by("pk")

    def location(self, item):
        return reverse("portal:activity", args=(item.code,))


class Statements(Sitemap):
    def items(self):
        return Statement.objects.newest().defer("text").order_by("pk")

    def location(self, item):
        return reverse("disclosure:statement", args=(item.number,))

    def lastmod(self, item):
        return item.published_at


class Projects(Sitemap):
    def items(self):
        return Project.objects.order_by("pk")

    def location(self, item):
        return reverse("offsets:project", args=(item.code,))


class Rulebooks(Sitemap):
    def items(self):
        return rulebooks.current(timezone.localdate())

    def location(self, item):
        return reverse("portal:rulebook", args=(item.code,))


SITEMAPS = {
    "pages": Pages,
    "activities": Activities,
    "statements": Statements,
    "projects": Projects,
    "rulebooks": Rulebooks,
}
