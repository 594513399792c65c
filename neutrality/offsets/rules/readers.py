"""Rows that need more than a list of columns: EcoRegistry, CARB, the Berkeley database, the portal's own table."""

import re

from neutrality.offsets.rules.cells import BadRow, Row, at, day, decimal, heading, identifier, needed, whole
from neutrality.offsets.rules.columns import Counted, Counts, Projects, remarks, serial, spelt
from neutrality.offsets.rules.countries import country
from neutrality.offsets.rules.details import Details, joined
from neutrality.offsets.rules.published import Amount, Context, CountRow, Event, Fact, ProjectRow, RunRow
from neutrality.offsets.rules.serials import Syntax


def _listed(text: str, key: str) -> str:
    return ", ".join(_each_listed(text, key))


def _each_listed(text: str, key: str) -> list[str]:
    """What stands under `key` in the lists of records EcoRegistry prints into cells."""
    found = re.findall(rf"['\"]{key}['\"]: (?:'([^']*)'|\"([^\"]*)\")", text)
    return list(dict.fromkeys(one or other for one, other in found))


ECOREGISTRY_PROJECT = Details(verifier=("verifier",))
ECOREGISTRY_ISSUE = Details(lists=("elegible",), goals="global_goals")


def cercarbono_project(row: Row, context: Context) -> tuple[Fact, ...]:
    places, lands = at(row, "locations"), _listed(at(row, "locations"), "country")
    where = (_listed(places, "city"), _listed(places, "region"), lands)
    told, flaws = ECOREGISTRY_PROJECT.read(row)
    return (
        ProjectRow(
            "cercarbono",
            identifier(row, "id"),
            needed(row, "name"),
            country(lands),
            ", ".join(filter(None, where)),
            _listed(at(row, "sector"), "description"),
            at(row, "quantification_method"),
            at(row, "developer"),
            at(row, "stage"),
            told,
        ),
        *flaws,
    )


ISSUED_UNITS = Counted(Amount.ISSUED, "issued_quantity")


def cercarbono_issue(row: Row, context: Context) -> tuple[Fact, ...]:
    """The table names a line and how many units, no run: some lines are numbered from 0, some from 1 (seen)."""
    line = serial(row, "serial", "issued_quantity", (Syntax.CERCARBONO,))
    on = day(needed(row, "issuance_date"), "issuance_date")
    vintage, tonnes = at(row, "vintage_of_credits") or at(row, "year"), ISSUED_UNITS.tonnes(row)
    amount = Amount.BUFFERED if at(row, "is_buffer").casefold() == "true" else Amount.ISSUED
    count = CountRow("cercarbono", line.project, "", line.line, amount, tonnes, on, vintage)
    told = {**row, "elegible": joined(_each_listed(at(row, "elegible"), "description"))}
    return (count, *remarks("cercarbono", line.project, ECOREGISTRY_ISSUE, told, on))


def cercarbono_retirement(row: Row, context: Context) -> tuple[Fact, ...]:
    """The serial names the line, `from` and `to` the run on it."""
    ends = (str(whole(needed(row, column), column)) for column in ("from", "to"))
    text = f"{needed(row, 'serial')} ({' to '.join(ends)})"
    run = spelt(text, "serial", whole(needed(row, "quantity"), "quantity"), (Syntax.CERCARBONO,))
    return (
        RunRow(
            "cercarbono",
            identifier(row, "project_id"),
            needed(row, "project_name"),
            run,
            Event.RETIRED,
            day(needed(row, "date"), "date"),
            at(row, "end_user"),
            at(row, "certificate_destination"),
        ),
    )


_RETIRED_BY_CARB = {
    "Buffer Pool Retired": "buffer",
    "Retired for Intentional Reversal": "reversal",
    "Retired Voluntarily": "voluntary",
    "Retired 1st Compliance Period (CA)": "period 1",
    "Retired 2nd Compliance Period (CA)": "period 2",
    "Retired 3rd Compliance Period (CA)": "period 3",
    "Retired 4th Compliance Period (CA)": "period 4",
    "Retired 5th Compliance Period (CA)": "period 5",
    "Retired for Compliance in Quebec": "Quebec",
}
_CARB = Counts(
    "arb",
    "CARB Project ID",
    "Offset Project Name",
    ("CARB Issuance ID",),
    (
        Counted(Amount.ISSUED, "ARB Offset Credits Issued"),
        Counted(Amount.BUFFERED, "Forest Buffer Account Contribution"),
        Counted(Amount.CANCELLED, "Invalidated or Canceled"),
        *(Counted(Amount.RETIRED, column, tag=tag) for column, tag in _RETIRED_BY_CARB.items()),
        Counted(Amount.REVERSED, "Intentional Reversal", tag="intentional"),
        Counted(Amount.REVERSED, "Unintentional Reversal", tag="unintentional"),
    ),
    "Issuance Date",
    "Vintage",
    gaps=True,
    details=Details(verifier=("Verification Body",), lists=("Provides DEBS",)),
)


def carb(row: Row, context: Context) -> tuple[Fact, ...]:
    """A reporting period without an issuance has no id: it may state a reversal, or that nothing was credited."""
    said = at(row, "CARB Issuance ID") or f"{needed(row, 'CARB Project ID')} {needed(row, 'Reporting Period')}"
    return _CARB.read({**row, heading("CARB Issuance ID"): said}, context)


COLLECTED = {"vcs": ("verra", "VCS"), "gold": ("gold-standard", "GS"), "acr": ("acr", ""), "car": ("car", "")}
COLLECTED["art"] = ("art", "")
COLLECTED_DETAILS = Details(
    verifier=("Verifier",),
    lists=("CCB / Certifications", "Certifications", "Sustainability Certifications"),
    flags=(
        ("Article 6", "Article 6"),
        ("CORSIA", "CORSIA"),
        ("CORSIA Eligible", "CORSIA Eligible"),
        ("ICVCM CCP", "ICVCM CCP"),
        ("Verra CCB", "Verra CCB"),
    ),
)
"""By the headings of several of its editions."""
SO_FAR = (
    Counted(Amount.ISSUED_SO_FAR, "Total Credits Issued"),
    Counted(Amount.RETIRED_SO_FAR, "Total Credits Retired"),
)


def berkeley(row: Row, context: Context) -> tuple[Fact, ...]:
    """A project of any registry with its totals; the ids carry the registry's letters."""
    named = needed(row, "Voluntary Registry")
    if named.casefold() not in COLLECTED:
        raise BadRow("registry", "Voluntary Registry", named)
    registry, letters = COLLECTED[named.casefold()]
    number = identifier(row, "Project ID").removeprefix(letters)
    name, land = needed(row, "Project Name"), country(at(row, "Country"))
    places = (at(row, column) for column in ("Project Site Location", "State", "Country"))
    told, flaws = COLLECTED_DETAILS.read(row)
    project = ProjectRow(
        registry,
        number,
        name,
        land,
        ", ".join(dict.fromkeys(filter(None, places))),
        at(row, "Type"),
        at(row, "Methodology / Protocol"),
        at(row, "Project Developer"),
        at(row, "Voluntary Status"),
        told,
    )
    totals = (
        CountRow(registry, number, name, f"{number} so far", each.amount, decimal(said, each.column), country=land)
        for each in SO_FAR
        if (said := at(row, each.column))
    )
    return (project, *totals, *flaws)


EVENTS = {
    **dict.fromkeys(("issued", "issue", "issuance", "签发", "登记", "发行"), Event.ISSUED),
    **dict.fromkeys(("retired", "retire", "retirement", "注销", "自愿注销", "抵销", "抵消"), Event.RETIRED),
    **dict.fromkeys(("cancelled", "canceled", "cancellation", "取消", "撤销", "作废"), Event.CANCELLED),
}


PLAIN_DETAILS = Details(
    ("Crediting period start",),
    ("Crediting period end",),
    "Crediting period",
    ("Verifier",),
    ("Labels",),
    split=";；,，、",
)


def _plain_registry(row: Row, context: Context) -> str:
    named = needed(row, "Registry")
    code = context.registries.get(named.casefold())
    if code is None:
        raise BadRow("registry", "Registry", named)
    return code


def plain_run(row: Row, context: Context) -> tuple[Fact, ...]:
    """The portal's own table, for registries that publish none. 注销 is used or removed: the note tells (R3.34)."""
    registry, said = _plain_registry(row, context), needed(row, "Event")
    if said.casefold() not in EVENTS:
        raise BadRow("event", "Event", said)
    syntaxes = context.syntaxes.get(registry, ())
    return (
        RunRow(
            registry,
            identifier(row, "Project ID"),
            at(row, "Project name"),
            serial(row, "Serial number", "Quantity", syntaxes),
            EVENTS[said.casefold()],
            day(needed(row, "Date"), "Date"),
            at(row, "Beneficiary"),
            at(row, "Note"),
            joined(PLAIN_DETAILS.labels(row)),
        ),
    )


def plain_project(row: Row, context: Context) -> tuple[Fact, ...]:
    registry = _plain_registry(row, context)
    described = Projects(
        registry,
        "Project ID",
        "Project name",
        "Country",
        ("Place",),
        "Sector",
        "Methodology",
        "Developer",
        "Status",
        PLAIN_DETAILS,
    )
    return described.read(row, context)


PLAIN_WORDS = {
    "登记系统": "Registry",
    "登记机构": "Registry",
    "项目编号": "Project ID",
    "项目名称": "Project name",
    "编号": "Serial number",
    "编码": "Serial number",
    "碳票编号": "Serial number",
    "数量": "Quantity",
    "数量（吨）": "Quantity",
    "事件": "Event",
    "日期": "Date",
    "受益方": "Beneficiary",
    "受益人": "Beneficiary",
    "备注": "Note",
    "用途": "Note",
    "国家": "Country",
    "地点": "Place",
    "领域": "Sector",
    "方法学": "Methodology",
    "业主": "Developer",
    "状态": "Status",
    "计入期": "Crediting period",
    "计入期开始": "Crediting period start",
    "计入期起": "Crediting period start",
    "计入期结束": "Crediting period end",
    "计入期止": "Crediting period end",
    "核查机构": "Verifier",
    "审定与核查机构": "Verifier",
    "标签": "Labels",
    "标识": "Labels",
}
PLAIN_RUN_COLUMNS = ("Registry", "Project ID", "Serial number", "Quantity", "Event", "Date")
PLAIN_PROJECT_COLUMNS = ("Registry", "Project ID", "Project name", "Country")
PLAIN_TEMPLATE = ("登记系统", "项目编号", "项目名称", "编号", "数量", "事件", "日期", "受益方", "备注")
PLAIN_EXAMPLE = ("cdcer", "CD-0001", "川西林盘保护与修复", "CDCER-2024-0001/1-500", "500", "签发", "2026-06-01", "", "")
