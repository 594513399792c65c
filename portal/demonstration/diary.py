"""What happened when: acts are written down in any order and told oldest first, as the trail wants it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.utils import timezone

Act = Callable[[datetime], object]


class Diary:
    """The past of the demonstration, counted back from the moment it is loaded."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.today = timezone.localtime(at).date()
        self.pages: list[tuple[datetime, int, Act]] = []

    def moment(self, days_ago: int) -> datetime:
        return self.at - timedelta(days=days_ago)

    def day(self, days_ago: int) -> date:
        """The day so many days ago; a negative number lies ahead."""
        return self.today - timedelta(days=days_ago)

    def on(self, days_ago: int, act: Act) -> None:
        """Write down an act. Acts of one day are told in the order in which they were written."""
        self.pages.append((self.moment(days_ago), len(self.pages), act))

    def tell(self) -> None:
        """Do everything, oldest first; acts of one day an instant apart."""
        for moment, place, act in sorted(self.pages, key=lambda page: page[:2]):
            act(moment + timedelta(milliseconds=place))
