"""Certificates of nothing in particular, for tests and the benchmark."""

from datetime import date
from typing import Any

from neutrality.printing.typesetting import Certificate, Table

LONG = "2026年第十二届中国（西部）国际低碳环保与新能源产业博览会暨绿色发展高峰论坛及城市可持续发展系列配套活动"
RUN = "CN-51-000{0:03d}-2023-CCER-14-001-0{0:03d}-00000{0:03d}00001–00000{0:03d}10000"


def make_table(rows: int) -> Table:
    """So many runs of numbers."""
    project = "四川省川西高原林草碳汇造林项目（第一期） · 全国温室气体自愿减排注册登记系统"
    told = tuple((RUN.format(row), project, "2022–2023", "2026-07-04", "10,000") for row in range(rows))
    head = ("编号", "项目与登记系统", "年份", "注销日期", "t")
    return Table(head, (8, 9, 3, 3, 2), (4,), (0,), told, ("有效合计", f"{rows * 10000:,d}"))


def make_certificate(rows: int = 3, **over: Any) -> Certificate:
    """Texts in every field."""
    facts = (
        ("组织者", "成都青禾会展有限公司 91510100MA60000320"),
        ("日期", "2026-05-16 – 2026-05-17"),
        ("地点", "四川省成都市"),
    )
    given = {
        "language": "zh",
        "on": date(2026, 11, 21),
        "kicker": "声明证明",
        "number": "S-B7K2-M9QX",
        "title": LONG,
        "subtitle": "The Twelfth Western China International Low-Carbon Exposition 2026",
        "lead": "尚缺 147 t",
        "lead_note": "用语截至 2026-11-21。",
        "tone": "wait",
        "brand": "青账 Qingzhang",
        "facts": facts,
        "sums": (("排放总量（t CO₂e）", "257.437"), ("应抵销（t）", "258"), ("结余", "尚缺 147 t")),
        "table": make_table(rows) if rows else None,
        "table_title": "注销明细",
        "check_label": "核验码",
        "check_code": "3DH6F-57RHN",
        "check_words": "扫描二维码或输入核验码，即可查看当前状态。",
        "address": "https://portal.example.cn/check/3DH6F-57RHN/",
        "receipt": (("公开操作日志条目", "218"), ("哈希树叶值", "ab" * 32)),
        "page_words": "页",
        "digests": (("本声明的摘要", "cd" * 32),),
    }
    return Certificate(**(given | over))
