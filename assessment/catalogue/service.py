"""What other slices may ask of the catalogue."""

from assessment.catalogue.achievements import (
    PublishedRule,
    achievement_version,
    endorsements,
    leads_to,
    publish_achievement,
    published,
    published_at,
    published_rules,
    published_version,
    rule_of,
)
from assessment.catalogue.framework_files import (
    CompetencyData,
    FrameworkData,
    FrameworkFormat,
    LevelData,
    framework_data,
    read_framework,
)
from assessment.catalogue.frameworks import (
    FrameworkImport,
    competencies,
    framework_version,
    import_framework,
    latest_framework,
)
from assessment.catalogue.listings import AchievementSpec
from assessment.catalogue.measures import (
    MeasureArea,
    MeasureLevel,
    MeasureSpec,
    current_measure,
    publish_measure,
)
from assessment.catalogue.opportunities import (
    OpportunitySpec,
    opportunities_for,
    publish_occupation,
    publish_opportunity,
)
from assessment.catalogue.pages import Detail, detail
from assessment.catalogue.references import (
    MeasureNames,
    checked_rule,
    exact_percent,
    measures,
    parsed,
    requirement,
    rule_names,
    rule_text,
)
from assessment.catalogue.routes import Route, Start, Step, route, starts
from assessment.catalogue.search import Filters, Found, occupations, search

__all__ = [
    "AchievementSpec",
    "CompetencyData",
    "Detail",
    "Filters",
    "Found",
    "FrameworkData",
    "FrameworkFormat",
    "FrameworkImport",
    "LevelData",
    "MeasureArea",
    "MeasureLevel",
    "MeasureNames",
    "MeasureSpec",
    "OpportunitySpec",
    "PublishedRule",
    "Route",
    "Start",
    "Step",
    "achievement_version",
    "checked_rule",
    "competencies",
    "current_measure",
    "detail",
    "endorsements",
    "exact_percent",
    "framework_data",
    "framework_version",
    "import_framework",
    "latest_framework",
    "leads_to",
    "measures",
    "occupations",
    "opportunities_for",
    "parsed",
    "publish_achievement",
    "publish_measure",
    "publish_occupation",
    "publish_opportunity",
    "published",
    "published_at",
    "published_rules",
    "published_version",
    "read_framework",
    "requirement",
    "route",
    "rule_names",
    "rule_of",
    "rule_text",
    "search",
    "starts",
]
