"""The model province's registry publishes its own table; its desk hands it in here, twice.

What the table says of blocks recorded here agrees with them. One project is known from the table alone: its units were
used by invented companies outside. Each table has a row that cannot be taken, as tables have.
"""

import csv
import io
from datetime import datetime

from neutrality.offsets import operations
from portal.demonstration import people
from portal.demonstration.diary import Diary
from portal.demonstration.story import Paper
from portal.demonstration.units import ISSUED_DAYS_AGO, STOCK, Stock, serial

HEADING = ("登记系统", "项目编号", "项目名称", "编号", "数量", "事件", "日期", "受益方", "备注")
FIRST, SECOND = 100, 6
"""How many days ago either table was read."""
VILLAGE = ("DEMO-VILLAGE", "村庄沼气工程（演示）", "DEMO-MPCER-VILLAGE")
Row = tuple[str, ...]


def write(diary: Diary) -> None:
    """Both tables, each at its day."""
    diary.on(FIRST, lambda at: read(diary, FIRST, at))
    diary.on(SECOND, lambda at: read(diary, SECOND, at))


def read(diary: Diary, days_ago: int, at: datetime) -> None:
    """Hand the table of that day in."""
    text = io.StringIO()
    csv.writer(text).writerows([HEADING, *rows(diary, days_ago)])
    paper = Paper(f"示范省登记表{diary.day(days_ago):%Y%m}.csv", ("\ufeff" + text.getvalue()).encode())
    registry = people.body("registry")
    operations.read_file(upload=paper, owner_code=registry.code, by=people.somebody("tang"), at=at)


def rows(diary: Diary, days_ago: int) -> list[Row]:
    """The table as it stood then: the later one has a corrected name and the newest rows."""
    later = days_ago == SECOND
    user = "清溪印务有限公司（演示）" if later else "清溪印务公司（演示）"
    told = [issued(diary, stock) for stock in STOCK if stock.kind in ("mpcer", "mp-ticket")]
    told += [
        village("1-3000", 3000, "签发", diary.day(ISSUED_DAYS_AGO)),
        village("1-640", 640, "注销", diary.day(300), user),
        village("641-900", 260, "注销", diary.day(160), "东篱书店（演示）"),
        village("901-950", 500, "注销", diary.day(150), "东篱书店（演示）"),  # fifty numbers, said to be five hundred
    ]
    return [*told, village("951-1200", 250, "注销", diary.day(20), "南山运输有限公司（演示）")] if later else told


def issued(diary: Diary, stock: Stock) -> Row:
    """A block as the registry's own table shows it."""
    year = diary.day(ISSUED_DAYS_AGO).year - 1
    run, on = f"{serial(stock, year)}/1-{stock.quantity}", diary.day(ISSUED_DAYS_AGO + 30)
    named = ("model-province", f"DEMO-{stock.key}".upper(), stock.name_zh)
    return (*named, run, f"{stock.quantity:,}", "签发", on.isoformat(), "", "")


def village(numbers: str, quantity: int, event: str, on: object, user: str = "") -> Row:
    identifier, name, begins = VILLAGE
    return ("model-province", identifier, name, f"{begins}/{numbers}", f"{quantity:,}", event, str(on), user, "")
