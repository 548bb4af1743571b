"""The desk of authors and psychometricians: banks, items, tests."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment import transactions
from assessment.access import Action, action, actor, institutions_for
from assessment.authoring import (
    measurement,
    scale_views,  # noqa: F401 - registers its views
    service,
    uploads,
)
from assessment.authoring.blueprint import blueprint
from assessment.authoring.forms import ConfirmForm, ItemFilterForm, UploadForm, kind_names
from assessment.errors import AssessmentError
from assessment.locale import gettext as _
from assessment.people import service as people


@blueprint.get("/banks")
@action(Action.AUTHOR_ITEMS)
def banks() -> ResponseReturnValue:
    """The banks of one's institutions."""
    return render_template("authoring/banks.html", lines=service.banks(actor()))


@blueprint.get("/banks/<key>")
@action(Action.AUTHOR_ITEMS)
def bank(key: str) -> ResponseReturnValue:
    """The items of a bank, and its tests."""
    found = service.own_bank(key, actor())
    form = ItemFilterForm(request.args, found.areas)
    filters = form.filters()
    return render_template(
        "authoring/bank.html",
        bank=found,
        form=form,
        filters=filters,
        found=service.bank_items(found, filters, form.page_number()),
        tests=service.bank_tests(found),
        measured=measurement.measurement(found),
        titles={area.key: area.title for area in found.areas},
        kinds=kind_names(),
    )


@blueprint.get("/banks/<key>/items/<item_key>")
@action(Action.AUTHOR_ITEMS)
def item(key: str, item_key: str) -> ResponseReturnValue:
    """An item: both languages, its key and rationale, and what each version changed."""
    found = service.own_bank(key, actor())
    detail = service.item_detail(found, item_key)
    return render_template("authoring/item.html", bank=found, detail=detail, kinds=kind_names())


@blueprint.get("/banks/<key>/items/<item_key>/figures/<int:number>")
@action(Action.AUTHOR_ITEMS)
def figure(key: str, item_key: str, number: int) -> ResponseReturnValue:
    """The picture of one version of an item."""
    found = service.item_figure(service.own_bank(key, actor()), item_key, number)
    response = make_response(found.data)
    response.headers["Content-Type"] = found.media_type
    response.headers["Content-Disposition"] = "attachment; filename=figure"
    return response


@blueprint.get("/banks/<key>/tests/<test_key>")
@action(Action.AUTHOR_ITEMS)
def test(key: str, test_key: str) -> ResponseReturnValue:
    """A test: its blueprint beside what the bank has, its marks, and what opens it."""
    found = service.own_bank(key, actor())
    detail = service.test_detail(found, test_key)
    return render_template("authoring/test.html", bank=found, detail=detail)


def _upload_form() -> UploadForm:
    return UploadForm(people.institutions(institutions_for(actor(), Action.AUTHOR_ITEMS)))


@blueprint.get("/bank-imports")
@action(Action.AUTHOR_ITEMS)
def upload() -> ResponseReturnValue:
    """The way to bring in a bank, or its next edition."""
    return render_template("authoring/upload.html", form=_upload_form(), sentences=())


@blueprint.post("/bank-imports")
@action(Action.AUTHOR_ITEMS)
def check_upload() -> ResponseReturnValue:
    """What a file would do, before it does it."""
    form = _upload_form()
    if not form.validate():
        return render_template("authoring/upload.html", form=form, sentences=()), 422
    try:
        checked = uploads.check(form.upload(), actor())
    except AssessmentError as refusal:
        page = render_template("authoring/upload.html", form=form, sentences=[refusal.sentence])
        return page, refusal.status
    transactions.commit()
    confirm = ConfirmForm(formdata=None, ticket=checked.ticket)
    return render_template("authoring/checked.html", report=checked.report, form=confirm)


@blueprint.post("/bank-imports/confirm")
@action(Action.AUTHOR_ITEMS)
def confirm_upload() -> ResponseReturnValue:
    """Do what was looked at."""
    report = uploads.confirm(ConfirmForm().ticket.data or "", actor())
    transactions.commit()
    said = _(
        "Imported: %(new)s new, %(changed)s changed, %(unchanged)s unchanged.",
        new=len(report.new),
        changed=len(report.changed),
        unchanged=report.unchanged,
    )
    flash(said, "good")
    return redirect(url_for("authoring.bank", key=report.bank_key), 303)
