"""Every dataset by its name."""

from neutrality.opendata.datasets import accounts, kinds, people, reference, units
from neutrality.opendata.datasets.shape import MOST_ROWS, Column, Dataset, Kind, Slice

DATASETS: dict[str, Dataset] = {
    dataset.name: dataset
    for dataset in (
        accounts.ACTIVITIES,
        accounts.STATEMENTS,
        accounts.LINES,
        units.CANCELLATIONS,
        units.BLOCKS,
        units.PROJECTS,
        kinds.KINDS,
        kinds.BENEFICIARIES,
        kinds.OFFERS,
        units.FILES,
        units.RUNS,
        units.AMOUNTS,
        reference.FACTORS,
        people.LISTS,
    )
}

__all__ = ["DATASETS", "MOST_ROWS", "Column", "Dataset", "Kind", "Slice"]
