"""Taking a test: begin, answer, review, submit, result."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Unauthorized

from assessment import transactions
from assessment.access import Action, action, actor
from assessment.errors import Conflict, Invalid, NoSuchRecord, Problem, respond, wants_json
from assessment.items import service as items
from assessment.items.models import ParameterSource, Test, TestMode
from assessment.locale import LANGUAGE_KEY
from assessment.locale import gettext as _
from assessment.sittings import (
    adaptive_views,
    player,
    practice_views,  # noqa: F401 - registers its views
    results,
    service,
)
from assessment.sittings.blueprint import blueprint
from assessment.sittings.forms import BeginForm, read_given, read_language
from assessment.sittings.models import Sitting, SittingState

GO_ON = {"next": 1, "previous": -1, "save": 0}


def _test(test_key: str) -> Test:
    test = items.current_test(test_key)
    if test is None or test.is_practice:
        raise NoSuchRecord("test", test_key)
    return test


@blueprint.errorhandler(401)
def signed_out(_error: Unauthorized) -> ResponseReturnValue:
    """Return the sign-in page for a form sent too late; from there, the page that had the form."""
    sentence = _("You were signed out, so what you just sent was not saved. Sign in to go on.")
    if wants_json():
        return respond(Problem(401, "signed_out", _("You are signed out"), sentence, {}))
    flash(sentence, "warn")
    return redirect(url_for("people.sign_in", next=_page_of_form()), 303)


def _page_of_form() -> str:
    named = request.view_args or {}
    if request.endpoint == "sittings.submit":
        return url_for("sittings.review", **named)
    return request.path


@blueprint.get("/tests/<test_key>")
@action(Action.READ_PUBLIC)
def begin(test_key: str) -> ResponseReturnValue:
    """What to know before starting, and the way in."""
    return _begin_page(_test(test_key), BeginForm())


@blueprint.post("/tests/<test_key>")
@action(Action.TAKE_TESTS)
def start(test_key: str) -> ResponseReturnValue:
    """Begin a sitting, or go on with the open one."""
    test, form = _test(test_key), BeginForm()
    if not form.validate():
        return _begin_page(test, form), 422
    sitting = service.begin(test, actor(), start_code=form.start_code.data or "")
    transactions.commit()
    return redirect(url_for("sittings.sitting", sitting_id=sitting.id), 303)


def _begin_page(test: Test, form: BeginForm) -> str:
    learner_id = actor().learner_id
    service.make_ready(test)
    return render_template(
        "sittings/begin.html",
        test=test,
        form=form,
        terms=service.terms_of(test, learner_id),
        stands=service.eligibility_view(learner_id, test) if learner_id else None,
        best=results.best_percent(learner_id, test.key) if learner_id else None,
        is_adaptive=test.mode == TestMode.ADAPTIVE,
        is_simulated=_rests_on(test, ParameterSource.SIMULATED),
        is_judged=_rests_on(test, ParameterSource.PANEL),
        is_set_by_panel=_is_set_by_panel(test),
        is_shown=results.is_shown(learner_id, test) if learner_id else False,
    )


def _rests_on(test: Test, source: ParameterSource) -> bool:
    """Return whether an adaptive test would choose and judge by responses that nobody gave."""
    scale = items.current_set(test.bank_id) if test.mode == TestMode.ADAPTIVE else None
    return scale is not None and scale.source == source


def _is_set_by_panel(test: Test) -> bool:
    """Return whether the passing mark of an adaptive test is not its percentage."""
    return test.mode == TestMode.ADAPTIVE and test.cuts[0]["key"] in items.governing(test)


@blueprint.get("/sittings/<sitting_id>")
@action(Action.TAKE_TESTS)
def sitting(sitting_id: str) -> ResponseReturnValue:
    """The question that the learner is at, or the result."""
    found = player.own_sitting(sitting_id, actor())
    if player.is_running(found):
        place = url_for("sittings.question", sitting_id=found.id, position=found.position)
        return redirect(place, 303)
    if found.state == SittingState.OPEN:
        return render_template("sittings/time_up.html", sitting=found)
    return render_template("sittings/result.html", result=results.result_of(found))


@blueprint.get("/sittings/<sitting_id>/questions/<int:position>")
@action(Action.TAKE_TESTS)
def question(sitting_id: str, position: int) -> ResponseReturnValue:
    """One question."""
    found = player.own_sitting(sitting_id, actor())
    if not player.is_running(found):
        return redirect(url_for("sittings.sitting", sitting_id=found.id), 303)
    if player.is_adaptive(found):
        return adaptive_views.question(found, position)
    return render_template("sittings/question.html", page=player.question_page(found, position))


@blueprint.post("/sittings/<sitting_id>/questions/<int:position>")
@action(Action.TAKE_TESTS)
def answer(sitting_id: str, position: int) -> ResponseReturnValue:
    """Save the answer, then go where the button says."""
    given, go = read_given(request), request.form.get("go", "save")
    try:
        saved = service.save_answer(sitting_id, position, given, actor())
    except (Conflict, Invalid) as refusal:
        return _refused(sitting_id, position, given, refusal)
    if wants_json():
        transactions.commit()
        return jsonify(revision=saved.revision, saved_at=saved.saved_at.isoformat())
    if saved.committed:
        transactions.commit()
        return adaptive_views.gone_on(sitting_id, saved)
    there = _destination(sitting_id, position, go)
    transactions.commit()
    return redirect(there, 303)


def _destination(sitting_id: str, position: int, go: str) -> str:
    language = read_language(go)
    if language:
        session[LANGUAGE_KEY] = language
    if go == "review":
        return url_for("sittings.review", sitting_id=sitting_id)
    there = player.nearest(player.own_sitting(sitting_id, actor()), position + GO_ON.get(go, 0))
    service.move_to(sitting_id, there, actor())
    return url_for("sittings.question", sitting_id=sitting_id, position=there)


def _refused(
    sitting_id: str, position: int, given: service.Given, refusal: Conflict | Invalid
) -> ResponseReturnValue:
    """Return the page that says why the answer was not saved, and what the learner can do."""
    if wants_json():
        raise refusal
    transactions.rollback()
    found = player.own_sitting(sitting_id, actor())
    if player.is_adaptive(found):
        return adaptive_views.refused(found, given, refusal)
    if isinstance(refusal, service.OtherAnswer):
        return _both_answers(found, position, refusal)
    if isinstance(refusal, Conflict):
        page = render_template("sittings/ended.html", sitting=found, refusal=refusal)
        return page, refusal.status
    if not given.text:
        raise refusal
    question = replace(player.question_page(found, position), text=given.text)
    page = render_template("sittings/question.html", page=question, wrong=refusal.sentence)
    return page, refusal.status


def _both_answers(found: Sitting, position: int, other: service.OtherAnswer) -> ResponseReturnValue:
    page = render_template(
        "sittings/conflict.html",
        page=player.question_page(found, position),
        saved=player.shown_options(found, position, other.saved),
        yours=player.shown_options(found, position, other.yours),
        other=other,
    )
    return page, other.status


@blueprint.get("/sittings/<sitting_id>/review")
@action(Action.TAKE_TESTS)
def review(sitting_id: str) -> ResponseReturnValue:
    """What is answered, flagged and unanswered, before submitting."""
    found = player.own_sitting(sitting_id, actor())
    if not player.is_running(found):
        return redirect(url_for("sittings.sitting", sitting_id=found.id), 303)
    if player.is_adaptive(found):
        return adaptive_views.stop(found)
    return render_template("sittings/review.html", page=player.review_page(found))


@blueprint.post("/sittings/<sitting_id>/submit")
@action(Action.TAKE_TESTS)
def submit(sitting_id: str) -> ResponseReturnValue:
    """Score the sitting, record the evidence and award at once."""
    ended = service.submit(sitting_id, actor())
    transactions.commit()
    adaptive_views.tell_of_awards(ended)
    return redirect(url_for("sittings.sitting", sitting_id=sitting_id), 303)


@blueprint.get("/sittings/<sitting_id>/time")
@action(Action.TAKE_TESTS)
def time(sitting_id: str) -> ResponseReturnValue:
    """The server's time for this sitting, for the page's silent timer."""
    found = player.own_sitting(sitting_id, actor())
    clock = player.clock_of(found)
    return jsonify(
        seconds_left=clock.seconds_left,
        given_back_minutes=clock.given_back_minutes,
        minutes_allowed=clock.minutes_allowed,
        running=player.is_running(found),
    )


@blueprint.get("/sittings/<sitting_id>/figures/<int:position>")
@action(Action.TAKE_TESTS)
def figure(sitting_id: str, position: int) -> ResponseReturnValue:
    """The picture of one question; its name says nothing."""
    picture = player.figure(player.own_sitting(sitting_id, actor()), position)
    return picture.data, 200, {"Content-Type": picture.media_type}
