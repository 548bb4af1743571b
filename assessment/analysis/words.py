"""A calibration's report in sentences, for the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from assessment.items import service as items
from assessment.items.service import PilotReason
from assessment.locale import gettext as _
from assessment.locale import ngettext

MOST_KEYS = 12


def report_lines(report: items.CalibrationReport) -> Iterator[str]:
    """Yield what a calibration found, a line each: what it rests on, how it went, what is out."""
    yield from _persons(report)
    yield _(
        "Model %(model)s: %(items)s of %(asked)s items asked may be published.",
        model=report.model,
        items=report.items,
        asked=report.asked,
    )
    yield from _fit(report)
    yield from _panel(report)
    yield from _pilots(report)


def _persons(report: items.CalibrationReport) -> Iterator[str]:
    yield ngettext("%(num)s sitting", "%(num)s sittings", report.persons)
    for group in report.groups:
        yield _(
            "  %(test)s: %(persons)s; ability %(mean)s, standard deviation %(sd)s",
            test=group.test,
            persons=group.persons,
            mean=f"{group.mean:.2f}",
            sd=f"{group.sd:.2f}",
        )
    if report.left_open:
        yield ngettext(
            "  left out: %(num)s sitting without a single answer",
            "  left out: %(num)s sittings without a single answer",
            report.left_open,
        )
    if report.small_tests:
        tests = ", ".join(report.small_tests)
        yield _("  left out: tests with too few sittings (%(tests)s)", tests=tests)


def _fit(report: items.CalibrationReport) -> Iterator[str]:
    yield _(
        "Log-likelihood %(value)s; AIC %(aic)s; BIC %(bic)s; %(n)s parameters",
        value=f"{report.log_likelihood:.3f}",
        aic=f"{report.aic:.1f}",
        bic=f"{report.bic:.1f}",
        n=report.n_parameters,
    )
    found = _("Converged") if report.converged else _("Did not converge")
    iterations = ngettext("%(num)s iteration", "%(num)s iterations", report.iterations)
    yield f"{found}: {report.message} ({iterations})"
    yield _(
        "Grid of %(n)s nodes from %(lowest)s to %(highest)s logits; priors: %(priors)s",
        n=report.nodes,
        lowest=f"{report.lowest:g}",
        highest=f"{report.highest:g}",
        priors="; ".join(report.priors) or _("none"),
    )
    errors = [(_("difficulty"), report.threshold_se), (_("discrimination"), report.slope_se)]
    known = ", ".join(f"{name} {se:.3f}" for name, se in errors if se is not None)
    if known:
        yield _("Mean standard errors: %(errors)s", errors=known)


def _panel(report: items.CalibrationReport) -> Iterator[str]:
    if report.panel is None:
        return
    yield _(
        "Panel %(number)s placed items before there were responses: its judgement is the prior of "
        "their difficulties, and the mean and spread of every test are free.",
        number=report.panel,
    )
    few = sum(each.reason == PilotReason.FEW_RESPONSES for each in report.pilot)
    if few:
        yield ngettext(
            "Provisional: %(num)s item rests on the panel more than on its few responses, and is "
            "not published.",
            "Provisional: %(num)s items rest on the panel more than on their few responses, and "
            "are not published.",
            few,
        )


def _pilots(report: items.CalibrationReport) -> Iterator[str]:
    reasons = Counter(each.reason for each in report.pilot)
    for reason, count in sorted(reasons.items()):
        named = [_named(each) for each in report.pilot if each.reason == reason]
        shown = ", ".join(named[:MOST_KEYS]) + (" …" if count > MOST_KEYS else "")
        yield _("Pilot, %(reason)s: %(n)s (%(items)s)", reason=_why(reason), n=count, items=shown)


def _named(each: items.PilotItem) -> str:
    return f"{each.item} {each.figure:.4g}"


def _why(reason: PilotReason) -> str:
    return {
        PilotReason.FEW_RESPONSES: _("too few responses to publish"),
        PilotReason.ONE_SIDED: _("fewer than ten were right, or wrong"),
        PilotReason.UNSURE: _("standard error too large"),
        PilotReason.FLAT: _("right answers say nothing of ability"),
        PilotReason.STEEP: _("discrimination higher than answers can tell"),
        PilotReason.OUTSIDE: _("difficulty outside the abilities that were seen"),
    }[reason]
