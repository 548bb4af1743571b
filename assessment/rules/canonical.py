"""An outcome as text that is the same to the byte whenever it is the same outcome.

The text is JSON in ASCII: keys sorted, no white space, the rule once and the tree of outcomes
beside it; what says nothing (no figures, nothing found) is left out. Numbers were cut at the sixth
decimal when the outcome was made and are written as they are; times are in UTC. So a decision
replays to the same bytes on any machine, and its digest outlives it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import Enum
from hashlib import sha256
from typing import Any

from assessment.rules.assurances import Assurance
from assessment.rules.facts import AbilityFact, Basis, Identity, Source, Supervision
from assessment.rules.language import Located, parts
from assessment.rules.outcomes import Figure, Outcome, Quantity, Used, Verdict
from assessment.rules.parsing import parse, to_json

FORMAT = 1


def outcome_to_text(outcome: Outcome) -> str:
    """Return an outcome, its rule included, as canonical JSON text.

    Raises
    ------
    ValueError
        Where the outcome is that of a part of a rule: only a whole one can be read back.
    """
    if outcome.path:
        raise ValueError(f"`outcome` must be a whole rule's; got a part at {outcome.path}.")
    data = {"format": FORMAT, "rule": to_json(outcome.rule), "outcome": _outcome(outcome)}
    return json.dumps(data, sort_keys=True, separators=(",", ":"), allow_nan=False)


def outcome_from_text(text: str) -> Outcome:
    """Return the outcome that canonical text holds.

    Raises
    ------
    ValueError
        Where the text is not that of an outcome.
    """
    try:
        data = json.loads(text)
        if data["format"] != FORMAT:
            raise ValueError(data["format"])
        return _read_outcome(data["outcome"], Located("", parse(data["rule"])))
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise ValueError(
            f"`text` must be an outcome in canonical JSON, format {FORMAT}; "
            f"got {type(error).__name__} at outcome_from_text."
        ) from error


def digest(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def _outcome(outcome: Outcome) -> dict[str, Any]:
    data = {
        "kind": outcome.kind,
        "path": outcome.path,
        "verdict": outcome.verdict,
        "met": outcome.met,
        "progress": outcome.progress,
        "figures": [_figure(figure) for figure in outcome.figures],
        "facts": [_used(used) for used in outcome.facts],
        "certainty": outcome.certainty,
        "children": [_outcome(child) for child in outcome.children],
    }
    return _filled(data)


def _figure(figure: Figure) -> dict[str, Any]:
    data = {
        "quantity": figure.quantity,
        "needed": figure.needed,
        "found": figure.found,
        "met": figure.met,
        "role": figure.role,
    }
    return _filled(data)


def _used(used: Used) -> dict[str, Any]:
    data = {
        "source": used.source,
        "evidence": used.evidence_id,
        "when": _when(used.when),
        "version": used.version,
        "supervision": used.supervision,
        "identity": used.identity,
        "assurance": None if used.assurance is None else _assurance(used.assurance),
    }
    return _filled(data)


def _assurance(assurance: Assurance) -> dict[str, Any]:
    ability = assurance.ability
    return _filled({**vars(assurance), "ability": None if ability is None else _ability(ability)})


def _ability(ability: AbilityFact) -> dict[str, Any]:
    """Return an ability; that it rests on judgement is said where it does: older rows have none."""
    return {name: value for name, value in vars(ability).items() if name != "judged" or value}


def _filled(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members that say something, enums as their words."""
    return {
        key: value.value if isinstance(value, Enum) else value
        for key, value in data.items()
        if value is not None and value != []
    }


def _when(when: date) -> str:
    """Return a day as 2025-05-03, and a time as 2025-05-03T14:00:00+00:00, in UTC."""
    return when.astimezone(UTC).isoformat() if isinstance(when, datetime) else when.isoformat()


def _read_when(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _read_outcome(data: Mapping[str, Any], node: Located) -> Outcome:
    children = zip(data.get("children", ()), parts(node), strict=True)
    return Outcome(
        rule=node.rule,
        path=data["path"],
        verdict=Verdict(data["verdict"]),
        progress=data["progress"],
        figures=tuple(_read_figure(each) for each in data.get("figures", ())),
        facts=tuple(_read_used(each) for each in data.get("facts", ())),
        certainty=data.get("certainty"),
        children=tuple(_read_outcome(child, part) for child, part in children),
    )


def _read_figure(data: Mapping[str, Any]) -> Figure:
    quantity = Quantity(data["quantity"])
    return Figure(quantity, data["needed"], data.get("found"), data["met"], data.get("role"))


def _read_used(data: Mapping[str, Any]) -> Used:
    return Used(
        source=Source(data["source"]),
        evidence_id=data["evidence"],
        when=_read_when(data["when"]),
        version=data.get("version"),
        supervision=Supervision(data["supervision"]) if "supervision" in data else None,
        identity=Identity(data["identity"]) if "identity" in data else None,
        assurance=_read_assurance(data["assurance"]) if "assurance" in data else None,
    )


def _read_assurance(data: Mapping[str, Any]) -> Assurance:
    known = {name: data[name] for name in ("lowest", "highest", "questions") if name in data}
    ability = AbilityFact(**data["ability"]) if "ability" in data else None
    return Assurance(data["probability"], Basis(data["basis"]), ability=ability, **known)
