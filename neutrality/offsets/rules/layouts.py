"""The tables registries publish, in their own columns, each recognised by its headings."""

from neutrality.offsets.rules import readers
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

ACR_PROJECT = ("Project ID", "Project Name")
GOLD, ACR, CAR, ART = (Syntax.GOLD_STANDARD, Syntax.CDM), (Syntax.ACR,), (Syntax.CAR,), (Syntax.ART,)
GOLD_RUN = ("gold-standard", GOLD, "GSID", "Project Name", "Serial Number", "Quantity")
ACR_RUN = ("acr", ACR, "Project ID", "Project Name", "Credit Serial Numbers", "Quantity of Credits")
CAR_RUN = ("car", CAR, "Project ID", "Project Name", "Offset Credit Serial Numbers", "Quantity of Offset Credits")
ART_RUN = ("art", ART, "Program ID", "Program Name", "Credit Serial Numbers", "Quantity of Credits")
SITE = ("Project Site Location", "Project Site State")
VERIFIED_BY = ("Verification Body",)
PILOT, FIRST_PHASE = "CORSIA 2021-2023", "CORSIA 2024-2026"
CCP = ("CCP Approved", "CCP Approved")
CORSIA = ("CORSIA Eligible", "CORSIA Eligible")
CORSIA_PHASES = (
    ("Eligible for CORSIA 2021-2023 Compliance Period (Pilot Phase)", PILOT),
    ("Eligible for CORSIA 2024-2026 Compliance Period (First Phase)", FIRST_PHASE),
)
COMPLIANCE = (("ARB Eligible", "ARB Eligible"), ("Ecology Eligible", "WA Ecology Eligible"))
REMOVAL = ("Verified Removal", "Verified Removal")
GOLD_LABELS = Details(lists=("Label",), split=",;", flags=(("Article Six Authorization", "Article Six Authorization"),))
ACR_GOALS = "Sustainable Development Goal(s)"
ACR_LABELS = Details(flags=(*COMPLIANCE, CORSIA, *CORSIA_PHASES, CCP, REMOVAL), goals=ACR_GOALS)
CAR_CERTIFIED = ("Additional Certification(s)",)
CAR_FLAGS = (
    ("Eligible for CORSIA 2021-2023 Compliance Period", PILOT),
    ("Eligible for CORSIA 2024-2026 Compliance Period", FIRST_PHASE),
    ("Corresponding Adjustment", "Corresponding Adjustment"),
    CCP,
)
CAR_LABELS = Details(lists=CAR_CERTIFIED, flags=CAR_FLAGS)
ART_LABELS = Details(flags=(CORSIA, *CORSIA_PHASES, CCP))

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
    of_projects(
        "acr-projects",
        ("Voluntary Status", "Compliance Program ID (ARB or Ecology)"),
        Projects(
            "acr",
            *ACR_PROJECT,
            "Project Site Country",
            SITE,
            "Project Type",
            "Project Methodology/Protocol",
            "Project Developer",
            "Voluntary Status",
            Details(
                ("Current Crediting Period Start Date", "Initial Crediting Period Start Date"),
                ("Current Crediting Period End Date",),
                verifier=("Current VVB",),
                goals=ACR_GOALS,
            ),
        ),
    ),
    of_counts(
        "acr-issuances",
        ("ReportingPeriodBegin", "ReportingPeriodEnd"),
        Counts(
            "acr",
            *ACR_PROJECT,
            ("Project ID", "Vintage", "ReportingPeriodBegin", "ReportingPeriodEnd", "Date Issued (GMT)"),
            (
                Counted(Amount.ISSUED, "Total Credits Issued"),
                Counted(Amount.BUFFERED, "Credits Issued to Buffer Pool"),
            ),
            "Date Issued (GMT)",
            "Vintage",
            "Project Site Country",
            details=Details(
                ("Project Crediting Period Start Date",),
                verifier=("Project VVB",),
                flags=(*COMPLIANCE, CCP, REMOVAL),
                goals=ACR_GOALS,
            ),
        ),
    ),
    of_runs(
        "acr-retirements",
        ("Retired on Behalf of", "Date Issued (GMT)"),
        Runs(
            *ACR_RUN,
            Event.RETIRED,
            "Status Effective (GMT)",
            beneficiary="Retired on Behalf of",
            notes=("Purpose of Retirement", "Retirement Reason"),
            details=ACR_LABELS,
        ),
    ),
    of_runs(
        "acr-cancellations",
        ("Cancellation Type", "Date Issued (GMT)"),
        Runs(
            *ACR_RUN,
            Event.CANCELLED,
            "Status Effective (GMT)",
            notes=("Cancellation Details", "Cancellation Type"),
            details=ACR_LABELS,
        ),
    ),
    of_projects(
        "car-projects",
        ("Project Listed Date", "ARB ID"),
        Projects(
            "car",
            *ACR_PROJECT,
            "Project Site Country",
            SITE,
            "Project Type",
            "",
            "Project Developer",
            "Status",
            Details(verifier=VERIFIED_BY, lists=CAR_CERTIFIED, goals="SDG Impact"),
        ),
    ),
    of_counts(
        "car-issuances",
        ("Date Issued", "Offset Credits Converted to VCUs"),
        Counts(
            "car",
            *ACR_PROJECT,
            ("Project ID", "Vintage", "Date Issued"),
            (
                Counted(Amount.ISSUED, "Total Offset Credits Issued"),
                Counted(Amount.BUFFERED, "Offset Credits Currently in Reserve Buffer Pool"),
            ),
            "Date Issued",
            "Vintage",
            "Project Site Country",
            details=Details(
                verifier=VERIFIED_BY,
                lists=CAR_CERTIFIED,
                flags=(("ARB Eligible", "ARB Eligible"), ("WA ECO Eligible", "WA Ecology Eligible"), *CAR_FLAGS),
            ),
        ),
    ),
    of_runs(
        "car-retirements",
        ("Account Holder", "Retirement Reason Details"),
        Runs(
            *CAR_RUN,
            Event.RETIRED,
            "Status Effective",
            beneficiary="Account Holder",
            notes=("Retirement Reason Details", "Retirement Reason"),
            details=CAR_LABELS,
        ),
    ),
    of_runs(
        "car-cancellations",
        ("Cancellation Reason",),
        Runs(
            *CAR_RUN,
            Event.CANCELLED,
            "Status Effective",
            notes=("Export Notes", "Cancellation Reason"),
            details=CAR_LABELS,
        ),
    ),
    of_projects(
        "art-projects",
        ("Sovereign Program Developer", "Status"),
        Projects(
            "art",
            "Program ID",
            "Program Name",
            "Program Country",
            ("Program Jurisdiction(s)",),
            "Program Type",
            "Crediting Program and Standard",
            "Sovereign Program Developer",
            "Status",
            Details(("Initial Crediting Period Start Date",), verifier=VERIFIED_BY),
        ),
    ),
    of_counts(
        "art-issuances",
        ("Date Approved", "Credits Verified"),
        Counts(
            "art",
            "Program ID",
            "Program Name",
            ("Program ID", "Vintage", "Date Approved", "Credits Verified"),
            (
                Counted(Amount.ISSUED, "Credits Verified"),
                Counted(Amount.BUFFERED, "Credits Deposited in Buffer"),
            ),
            "Date Approved",
            "Vintage",
            "Program Country",
            details=Details(verifier=VERIFIED_BY, flags=(CORSIA, CCP)),
        ),
        moves=2 * QUARTER,
    ),
    of_runs(
        "art-retirements",
        ("Retired on Behalf of",),
        Runs(
            *ART_RUN,
            Event.RETIRED,
            "Status Effective",
            beneficiary="Retired on Behalf of",
            notes=("Purpose of Retirement", "Retirement Reason"),
            details=ART_LABELS,
        ),
    ),
    of_runs(
        "art-cancellations",
        ("Cancellation Reason",),
        Runs(
            *ART_RUN,
            Event.CANCELLED,
            "Status Effective",
            notes=("Cancellation Details", "Cancellation Reason"),
            details=ART_LABELS,
        ),
    ),
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
