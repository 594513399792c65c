"""The tables of ACR, CAR and ART TREES, whose three registries publish nearly the same columns."""

from neutrality.offsets.rules.columns import QUARTER, Counted, Counts, Projects, Runs, of_counts, of_projects, of_runs
from neutrality.offsets.rules.details import Details
from neutrality.offsets.rules.published import Amount, Event
from neutrality.offsets.rules.serials import Syntax

ACR_PROJECT = ("Project ID", "Project Name")
ACR, CAR, ART = (Syntax.ACR,), (Syntax.CAR,), (Syntax.ART,)
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

AMERICAN = (
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
)
