"""The tables registries publish, in their own columns, each recognised by its headings."""

from neutrality.offsets.rules import readers
from neutrality.offsets.rules.american import AMERICAN
from neutrality.offsets.rules.cells import heading
from neutrality.offsets.rules.columns import (
    QUARTER,
    Counted,
    Counts,
    Layout,
    Projects,
    Runs,
    of_counts,
    of_projects,
    of_runs,
)
from neutrality.offsets.rules.details import Details
from neutrality.offsets.rules.published import Amount, Event
from neutrality.offsets.rules.serials import Syntax

DEEPEST_HEADING = 12

GOLD = (Syntax.GOLD_STANDARD, Syntax.CDM)
GOLD_RUN = ("gold-standard", GOLD, "GSID", "Project Name", "Serial Number", "Quantity")
GOLD_LABELS = Details(lists=("Label",), split=",;", flags=(("Article Six Authorization", "Article Six Authorization"),))

TABLES = (
    of_projects(
        "verra-projects",
        ("Proponent", "Country/Area", "Status"),
        Projects(
            "verra",
            "ID",
            "Name",
            "Country/Area",
            (),
            "Project Type",
            "Methodology",
            "Proponent",
            "Status",
            Details(("Crediting Period Start Date",), ("Crediting Period End Date",)),
        ),
    ),
    of_runs(
        "verra-transactions",
        ("Retirement/Cancellation Date",),
        Runs(
            "verra",
            (Syntax.VERRA,),
            "ID",
            "Name",
            "Serial Number",
            "Quantity Issued",
            Event.STANDING,
            "Issuance Date",
            "Retirement/Cancellation Date",
            "Retirement Reason",
            "Retirement Beneficiary",
            ("Retirement Details", "Retirement Reason"),
            Details(lists=("Additional Certifications",), goals="Sustainable Development Goals"),
        ),
    ),
    of_projects(
        "gold-standard-projects",
        ("Project Developer Name", "Country", "Size"),
        Projects(
            "gold-standard",
            "GSID",
            "Project Name",
            "Country",
            (),
            "Project Type",
            "Methodology",
            "Project Developer Name",
            "Status",
            Details(goals="Sustainable Development Goals"),
        ),
    ),
    of_runs(
        "gold-standard-issuances",
        ("Credit Status",),
        Runs(*GOLD_RUN, Event.STANDING, "Issuance Date", details=GOLD_LABELS),
    ),
    of_runs(
        "gold-standard-retirements",
        ("Using Entity", "Use Case", "Note"),
        Runs(
            *GOLD_RUN,
            Event.RETIRED,
            "Retirement Date",
            reason="Credit Status",
            beneficiary="Using Entity",
            notes=("Note",),
            details=GOLD_LABELS,
        ),
    ),
    *AMERICAN,
    Layout(
        "cercarbono-projects",
        "cercarbono",
        ("id", "code", "name", "locations", "stage"),
        readers.cercarbono_project,
        describes=True,
    ),
    Layout(
        "cercarbono-issuances",
        "cercarbono",
        ("serial", "issued_quantity", "issuance_date", "is_buffer"),
        readers.cercarbono_issue,
    ),
    Layout(
        "cercarbono-retirements",
        "cercarbono",
        (
            "project_name",
            "project_id",
            "serial",
            "certificate_destination",
            "end_user",
            "date",
            "quantity",
            "from",
            "to",
        ),
        readers.cercarbono_retirement,
    ),
    of_projects(
        "isometric-projects",
        ("short_code", "protocol_slug", "country_code"),
        Projects(
            "isometric",
            "id",
            "name",
            "country_code",
            ("location.description",),
            "pathway",
            "protocol_slug",
            "supplier.organisation.name",
            "status",
            Details(("crediting_period_start",), ("crediting_period_end",), verifier=("current_verifier_name",)),
        ),
    ),
    of_counts(
        "isometric-issuances",
        ("issued_at", "supplier_credit_batch_size_total.credit_kgs"),
        Counts(
            "isometric",
            "project_id",
            "",
            ("id",),
            (
                Counted(Amount.ISSUED, "credit_batch_size_total.credit_kgs", 1000),
                Counted(Amount.BUFFERED, "buffer_pool_credit_batch_size_total.credit_kgs", 1000),
            ),
            "issued_at",
            notes=("supplier.organisation.name",),
        ),
    ),
    of_counts(
        "isometric-retirements",
        ("retired_at", "beneficiary.name"),
        Counts(
            "isometric",
            "project_id",
            "",
            ("retirement_id", "project_id", "sequestered_on"),
            (Counted(Amount.RETIRED, "credit_batch_size_total.credit_kgs", 1000),),
            "retired_at",
            "sequestered_on",
            beneficiary="beneficiary.name",
            notes=("notes", "purposes"),
        ),
    ),
    Layout(
        "arb-issuances",
        "arb",
        ("CARB Project ID", "CARB Issuance ID", "OPR Project ID", "ARB Offset Credits Issued", "Issuance Date"),
        readers.carb,
    ),
    Layout(
        "berkeley-projects",
        "",
        ("Project ID", "Project Name", "Voluntary Registry", "Total Credits Issued", "Total Credits Retired"),
        readers.berkeley,
        every=QUARTER,
        moves=2 * QUARTER,
        own=False,
        describes=True,
    ),
    Layout(
        "plain-runs",
        "",
        readers.PLAIN_RUN_COLUMNS,
        readers.plain_run,
        every=QUARTER,
        moves=4 * QUARTER,
        aliases=readers.PLAIN_WORDS,
    ),
    Layout(
        "plain-projects",
        "",
        readers.PLAIN_PROJECT_COLUMNS,
        readers.plain_project,
        every=QUARTER,
        moves=4 * QUARTER,
        describes=True,
        aliases=readers.PLAIN_WORDS,
    ),
)
LAYOUTS = {layout.name: layout for layout in TABLES}
if len(LAYOUTS) != len(TABLES):  # complete by construction
    raise RuntimeError("two layouts have one name")


def recognise(headings: list[str]) -> Layout | None:
    """The layout a file's heading row belongs to: all of its columns present, and more of them than of any other."""
    fitting = [layout for layout in TABLES if {heading(each) for each in layout.columns} <= set(layout.named(headings))]
    return max(fitting, key=lambda layout: len(layout.columns), default=None)


def found(rows: list[list[str]]) -> tuple[int, Layout] | None:
    """The place of the heading row among the first rows of a file, and its layout."""
    for place, row in enumerate(rows[:DEEPEST_HEADING]):
        if layout := recognise(row):
            return place, layout
    return None
