"""What other slices may ask of banks and tests."""

from assessment.items.adaptivity import Adaptivity, adaptivity_of
from assessment.items.area_reports import (
    AreaFigures,
    areas_are_compared,
    latest_areas,
    record_areas,
    told_areas,
)
from assessment.items.assembling import (
    Assembled,
    FormsAsked,
    ParallelForm,
    WholeForm,
    forms_of,
    put_together,
    whole_forms,
)
from assessment.items.comparing import Progress
from assessment.items.contents import FigureFile, content, contents, figure
from assessment.items.designs import Design, NoDesign, design
from assessment.items.importing import BankSpec, ImportReport, import_bank
from assessment.items.panel_marks import NotRated, share_of_panel
from assessment.items.panel_standards import (
    NewStandard,
    PanelPrior,
    governing,
    panel,
    panel_of,
    panel_prior,
)
from assessment.items.panels import publish_standard
from assessment.items.parallels import Parallels
from assessment.items.parameter_sets import NewSet, publish_parameter_set
from assessment.items.pictures import Picture, picture, pictures
from assessment.items.pools import Pool, bank_pool, calibrated, pool
from assessment.items.publishing import (
    Unfillable,
    current_test,
    current_tests,
    forms_to_assemble,
    practice_tests,
    publish_test,
    shortfalls,
)
from assessment.items.reports import (
    AbilityCount,
    CalibratedGroup,
    CalibrationReport,
    PilotItem,
    PilotReason,
    report_data,
    report_of,
)
from assessment.items.scales import (
    ItemEstimate,
    Measured,
    Scale,
    current_set,
    measured,
    scale,
    scale_of,
)
from assessment.items.specifications import Cut, TestSpec, test_from_json
from assessment.items.unplaced import unplaced_marks

__all__ = [
    "AbilityCount",
    "Adaptivity",
    "AreaFigures",
    "Assembled",
    "BankSpec",
    "CalibratedGroup",
    "CalibrationReport",
    "Cut",
    "Design",
    "FigureFile",
    "FormsAsked",
    "ImportReport",
    "ItemEstimate",
    "Measured",
    "NewSet",
    "NewStandard",
    "NoDesign",
    "NotRated",
    "PanelPrior",
    "ParallelForm",
    "Parallels",
    "Picture",
    "PilotItem",
    "PilotReason",
    "Pool",
    "Progress",
    "Scale",
    "TestSpec",
    "Unfillable",
    "WholeForm",
    "adaptivity_of",
    "areas_are_compared",
    "bank_pool",
    "calibrated",
    "content",
    "contents",
    "current_set",
    "current_test",
    "current_tests",
    "design",
    "figure",
    "forms_of",
    "forms_to_assemble",
    "governing",
    "import_bank",
    "latest_areas",
    "measured",
    "panel",
    "panel_of",
    "panel_prior",
    "picture",
    "pictures",
    "pool",
    "practice_tests",
    "publish_parameter_set",
    "publish_standard",
    "publish_test",
    "put_together",
    "record_areas",
    "report_data",
    "report_of",
    "scale",
    "scale_of",
    "share_of_panel",
    "shortfalls",
    "test_from_json",
    "told_areas",
    "unplaced_marks",
    "whole_forms",
]
