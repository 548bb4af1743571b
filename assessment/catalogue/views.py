"""The public catalogue: the home page, the search, achievements and institutions."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from assessment.access import Action, action
from assessment.catalogue import service
from assessment.catalogue.forms import SearchForm, mode_names
from assessment.languages import wording, wording_language
from assessment.locale import gettext as _
from assessment.locale import language
from assessment.people.service import institution_by_key

blueprint = Blueprint("catalogue", __name__)

ON_THE_HOME_PAGE = 3


@blueprint.app_context_processor
def _names() -> dict[str, object]:
    """Offer templates the names of what the catalogue lists."""
    return {"kind_names": kind_names, "mode_names": mode_names}


def kind_names() -> dict[str, str]:
    """Return what the kinds of achievement are called, by their values."""
    return {
        "competency": _("Competency"),
        "micro_credential": _("Micro-credential"),
        "course_credit": _("Course credit"),
        "certificate": _("Certificate"),
    }


@blueprint.app_template_filter("language_name")
def language_name(code: str) -> str:
    """Return what a language is called."""
    return {"en": _("English"), "fr": _("French")}.get(code, code)


@blueprint.app_template_filter("language_names")
def language_names(codes: list[str]) -> str:
    """Return what languages are called, as a list; French writes them small but for the first."""
    first, *others = [language_name(code) for code in codes] or [""]
    return ", ".join([first, *(name.lower() if language() == "fr" else name for name in others)])


@blueprint.app_template_filter("paragraphs")
def paragraphs(content: dict[str, str]) -> list[dict[str, str]]:
    """Return the paragraphs of a wording, each a wording of its own, to be localized."""
    own = wording_language(content, language())
    parts = (part.strip() for part in wording(content, own).split("\n\n"))
    return [{own: part} for part in parts if part]


@blueprint.get("/")
@action(Action.READ_PUBLIC)
def home() -> ResponseReturnValue:
    """What Attest is, and the ways in."""
    return render_template("catalogue/home.html", starts=service.starts(ON_THE_HOME_PAGE))


@blueprint.get("/catalogue")
@action(Action.READ_PUBLIC)
def index() -> ResponseReturnValue:
    """Search among everything that can be earned."""
    form = SearchForm(request.args)
    filters = form.filters()
    found = service.search(filters, form.page_number())
    return render_template("catalogue/index.html", form=form, found=found, filters=filters)


@blueprint.get("/achievements/<key>")
@action(Action.READ_PUBLIC)
def achievement(key: str) -> ResponseReturnValue:
    """Exactly what must be shown, what it costs and how long it takes."""
    return render_template("catalogue/achievement.html", detail=service.detail(key))


@blueprint.get("/institutions/<key>")
@action(Action.READ_PUBLIC)
def institution(key: str) -> ResponseReturnValue:
    """What an institution authors, assesses and awards."""
    found = institution_by_key(key)
    listings = service.published_at(found.id)
    return render_template("catalogue/institution.html", institution=found, listings=listings)
