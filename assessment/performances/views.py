"""Showing work: the task, where it stands, handing it in, and withdrawing it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment import transactions
from assessment.access import Action, action, actor
from assessment.catalogue import service as catalogue
from assessment.errors import Conflict, Invalid, NoSuchRecord
from assessment.locale import gettext as _
from assessment.performances import (
    appeal_views,  # noqa: F401 - registers its views
    chances,
    evidence_views,  # noqa: F401 - registers its views
    nominating,
    service,
)
from assessment.performances.blueprint import blueprint
from assessment.performances.forms import SubmitForm
from assessment.performances.models import Performance, Task


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    """Offer templates the words for where a performance stands."""
    return {"standing_of": service.standing_of}


def _task(task_key: str) -> Task:
    task = service.current_task(task_key)
    if task is None:
        raise NoSuchRecord("task", task_key)
    return task


@blueprint.get("/achievements/<key>/tasks")
@action(Action.READ_PUBLIC)
def tasks(key: str) -> ResponseReturnValue:
    """The tasks that can show what an achievement asks for."""
    version = catalogue.published_version(key)
    if version is None:
        raise NoSuchRecord("achievement", key)
    found = service.tasks_of(version)
    return render_template("performances/tasks.html", version=version, tasks=found)


@blueprint.get("/tasks/<task_key>")
@action(Action.READ_PUBLIC)
def task(task_key: str) -> ResponseReturnValue:
    """What to know before showing it: the brief, and what is looked for."""
    found, learner_id = _task(task_key), actor().learner_id
    return render_template(
        "performances/task.html",
        page=service.task_page(found),
        refusal=chances.refusal_to_show(found, learner_id) if learner_id else "",
    )


@blueprint.post("/tasks/<task_key>")
@action(Action.SHOW_WORK)
def begin(task_key: str) -> ResponseReturnValue:
    """Begin a performance, or go on with the open one."""
    try:
        begun = service.begin(_task(task_key), actor())
    except Conflict as refusal:  # shown as often as it may be, or too soon
        transactions.rollback()
        flash(refusal.sentence, "warn")
        return redirect(url_for("performances.task", task_key=task_key), 303)
    transactions.commit()
    return _to(begun.id)


def _to(performance_id: str) -> ResponseReturnValue:
    return redirect(url_for("performances.performance", performance_id=performance_id), 303)


@blueprint.get("/performances/<performance_id>")
@action(Action.SHOW_WORK)
def performance(performance_id: str) -> ResponseReturnValue:
    """What I show, and where it stands."""
    own = service.own_performance(performance_id, actor())
    return render_template(
        "performances/performance.html",
        page=service.performance_page(own),
        naming=nominating.naming_of(own),
        refusal=chances.refusal_to_repeat(own),
        left_behind=service.left_behind(own),
    )


@blueprint.get("/performances/<performance_id>/submit")
@action(Action.SHOW_WORK)
def check(performance_id: str) -> ResponseReturnValue:
    """See it as it will be handed in, and declare what there is to declare."""
    own = service.own_performance(performance_id, actor())
    if not service.is_editable(own):
        return _to(performance_id)
    return _check_page(own, _declarations(own, sent=False))


def _declarations(own: Performance, *, sent: bool) -> SubmitForm:
    form = SubmitForm() if sent else SubmitForm(formdata=None)
    return form.ask(of_others=service.shows_others(own))


def _check_page(own: Performance, form: SubmitForm) -> str:
    return render_template(
        "performances/check.html",
        page=service.performance_page(own),
        naming=nominating.naming_of(own),
        left_behind=service.left_behind(own),
        form=form,
        declaration=service.declaration(),
        consent=service.consent(),
    )


@blueprint.post("/performances/<performance_id>/submit")
@action(Action.SHOW_WORK)
def submit(performance_id: str) -> ResponseReturnValue:
    """Hand it in."""
    own = service.own_performance(performance_id, actor())
    form = _declarations(own, sent=True)
    if not form.validate() and service.is_editable(own):
        return _check_page(own, form), 422
    try:
        service.submit(performance_id, actor())
    except Invalid as refusal:
        transactions.rollback()
        form.refuse(refusal, "declared")
        return _check_page(service.own_performance(performance_id, actor()), form), 422
    transactions.commit()
    flash(_("Handed in. You see here what comes of it."), "good")
    return _to(performance_id)


@blueprint.get("/performances/<performance_id>/withdraw")
@action(Action.SHOW_WORK)
def ask_withdraw(performance_id: str) -> ResponseReturnValue:
    """Be asked before it is withdrawn."""
    own = service.own_performance(performance_id, actor())
    page = service.performance_page(own)
    if not page.may_be_withdrawn:
        return _to(performance_id)
    price = chances.price_of_withdrawing(own)
    return render_template("performances/withdraw.html", page=page, price=price)


@blueprint.post("/performances/<performance_id>/withdraw")
@action(Action.SHOW_WORK)
def withdraw(performance_id: str) -> ResponseReturnValue:
    """Withdraw it; nobody rates it any more."""
    try:
        gone = service.withdraw(performance_id, actor(), forget="forget" in request.form)
    except Conflict as refusal:
        transactions.rollback()
        flash(refusal.sentence, "warn")
        return _to(performance_id)
    anew = chances.refusal_to_repeat(gone) or _("You can begin anew at any time.")
    transactions.commit()
    flash(_("Withdrawn. It counts for nothing, and nobody rates it any more.") + f" {anew}", "good")
    return _to(performance_id)
