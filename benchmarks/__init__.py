"""How fast, against what is possible: one script per question, each run beside its limit in the same rounds."""

NAMES = (
    "browse",
    "certificate",
    "import",
    "inventory",
    "page",
    "recheck",
    "retire",
    "storm",
    "travel",
    "twins",
    "whatif",
)
