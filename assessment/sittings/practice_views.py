"""Practice without an account: questions, feedback at once, and a self-check at the end."""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from assessment.access import Action, action
from assessment.errors import Invalid
from assessment.items.models import Test
from assessment.locale import LANGUAGE_KEY
from assessment.sittings import practice as practising
from assessment.sittings.blueprint import blueprint
from assessment.sittings.forms import read_given, read_language
from assessment.sittings.practice import Progress
from assessment.sittings.self_check import self_check

PROGRESS_KEY = "practice"


def _progress(test: Test) -> Progress | None:
    return practising.read_progress(session.get(PROGRESS_KEY), test)


def _way_in(test: Test) -> ResponseReturnValue:
    return redirect(url_for("sittings.practice", test_key=test.key), 303)


@blueprint.get("/practice")
@blueprint.get("/practice/<test_key>")
@action(Action.PRACTISE)
def practice(test_key: str | None = None) -> ResponseReturnValue:
    """What can be practised; or one practice, before its first question."""
    if test_key is None:
        return render_template("sittings/practice.html", tests=practising.practice_tests())
    test = practising.practice_test(test_key)
    return render_template("sittings/practice_begin.html", test=test, progress=_progress(test))


@blueprint.post("/practice/<test_key>")
@action(Action.PRACTISE)
def practice_start(test_key: str) -> ResponseReturnValue:
    """Begin a practice, with questions drawn afresh."""
    test = practising.practice_test(test_key)
    session[PROGRESS_KEY] = practising.begin(test).as_data()
    return redirect(url_for("sittings.practice_question", test_key=test.key, position=1), 303)


@blueprint.get("/practice/<test_key>/<int:position>")
@action(Action.PRACTISE)
def practice_question(test_key: str, position: int) -> ResponseReturnValue:
    """One practice question; explained, once its answer was checked."""
    test = practising.practice_test(test_key)
    progress = _progress(test)
    if progress is None:
        return _way_in(test)
    page = practising.question_page(test, progress, position)
    return render_template("sittings/practice_question.html", page=page)


@blueprint.post("/practice/<test_key>/<int:position>")
@action(Action.PRACTISE)
def practice_answer(test_key: str, position: int) -> ResponseReturnValue:
    """Check an answer, or keep it while the language changes."""
    test = practising.practice_test(test_key)
    progress, given = _progress(test), read_given(request)
    if progress is None:
        return _way_in(test)
    language = read_language(request.form.get("go", ""))
    try:
        progress = practising.give(test, progress, position, given, check=language is None)
    except Invalid as wrong:
        page = practising.question_page(test, progress, position)
        page = replace(page, text=given.text or page.text)
        told = {"page": page, "wrong": wrong.sentence}
        return render_template("sittings/practice_question.html", **told), wrong.status
    session[PROGRESS_KEY] = progress.as_data()
    if language:
        session[LANGUAGE_KEY] = language
    return redirect(
        url_for("sittings.practice_question", test_key=test_key, position=position), 303
    )


@blueprint.get("/practice/<test_key>/self-check")
@action(Action.PRACTISE)
def practice_summary(test_key: str) -> ResponseReturnValue:
    """What was shown in each area, and the way on."""
    test = practising.practice_test(test_key)
    progress = _progress(test)
    if progress is None:
        return _way_in(test)
    check = self_check(test, progress)
    return render_template("sittings/practice_summary.html", check=check)


@blueprint.get("/practice/<test_key>/<int:position>/figure")
@action(Action.PRACTISE)
def practice_figure(test_key: str, position: int) -> ResponseReturnValue:
    """The picture of one practice question."""
    test = practising.practice_test(test_key)
    progress = _progress(test)
    if progress is None:
        return _way_in(test)
    picture = practising.figure(test, progress, position)
    return picture.data, 200, {"Content-Type": picture.media_type}
