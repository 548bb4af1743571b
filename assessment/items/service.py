"""What other slices may ask of banks and tests."""

from assessment.items.comparing import Progress
from assessment.items.contents import FigureFile, content, contents, figure
from assessment.items.importing import BankSpec, ImportReport, import_bank
from assessment.items.pictures import Picture, picture, pictures
from assessment.items.pools import Pool, bank_pool, pool
from assessment.items.publishing import (
    Unfillable,
    current_test,
    current_tests,
    practice_tests,
    publish_test,
    shortfalls,
)
from assessment.items.specifications import Cut, TestSpec, test_from_json

__all__ = [
    "BankSpec",
    "Cut",
    "FigureFile",
    "ImportReport",
    "Picture",
    "Pool",
    "Progress",
    "TestSpec",
    "Unfillable",
    "bank_pool",
    "content",
    "contents",
    "current_test",
    "current_tests",
    "figure",
    "import_bank",
    "picture",
    "pictures",
    "pool",
    "practice_tests",
    "publish_test",
    "shortfalls",
    "test_from_json",
]
