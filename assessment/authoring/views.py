"""The desk of authors and psychometricians: banks, items, tests."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from assessment.access import Action, action, actor
from assessment.authoring import service
from assessment.authoring.forms import ItemFilterForm, kind_names

blueprint = Blueprint("authoring", __name__, url_prefix="/banks")


@blueprint.get("")
@action(Action.AUTHOR_ITEMS)
def banks() -> ResponseReturnValue:
    """The banks of one's institutions."""
    return render_template("authoring/banks.html", lines=service.banks(actor()))


@blueprint.get("/<key>")
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
        titles={area.key: area.title for area in found.areas},
        kinds=kind_names(),
    )


@blueprint.get("/<key>/items/<item_key>")
@action(Action.AUTHOR_ITEMS)
def item(key: str, item_key: str) -> ResponseReturnValue:
    """An item: both languages, its key and rationale, and what each version changed."""
    found = service.own_bank(key, actor())
    detail = service.item_detail(found, item_key)
    return render_template("authoring/item.html", bank=found, detail=detail, kinds=kind_names())


@blueprint.get("/<key>/items/<item_key>/figures/<int:number>")
@action(Action.AUTHOR_ITEMS)
def figure(key: str, item_key: str, number: int) -> ResponseReturnValue:
    """The picture of one version of an item."""
    found = service.item_figure(service.own_bank(key, actor()), item_key, number)
    response = make_response(found.data)
    response.headers["Content-Type"] = found.media_type
    response.headers["Content-Disposition"] = "attachment; filename=figure"
    return response


@blueprint.get("/<key>/tests/<test_key>")
@action(Action.AUTHOR_ITEMS)
def test(key: str, test_key: str) -> ResponseReturnValue:
    """A test: its blueprint beside what the bank has, its marks, and what opens it."""
    found = service.own_bank(key, actor())
    detail = service.test_detail(found, test_key)
    return render_template("authoring/test.html", bank=found, detail=detail)
