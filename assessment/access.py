"""Who acts, and what they may do: a route that declares no action answers 403."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from assessment.errors import Forbidden, wants_json
from assessment.headers import CACHEABLE


class Role(StrEnum):
    """What a person does at an institution."""

    ASSESSOR = "assessor"
    OBSERVER = "observer"
    AUTHOR = "author"
    PSYCHOMETRICIAN = "psychometrician"
    REGISTRAR = "registrar"
    ADMINISTRATOR = "administrator"


class ActorKind(StrEnum):
    """What stands behind an act."""

    PERSON = "person"
    LINK = "link"
    CLIENT = "client"
    SYSTEM = "system"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Actor:
    """Whoever calls a service: a person, a link, an API client, the system, or a visitor."""

    kind: ActorKind
    name: str = ""
    person_id: str | None = None
    learner_id: str | None = None
    roles: frozenset[tuple[Role, str]] = field(default_factory=frozenset)

    @property
    def reference(self) -> str:
        """Who this is in the audit log: a kind and an id, never a name."""
        return f"{self.kind}:{self.person_id or self.name}"

    def institutions(self, *roles: Role) -> frozenset[str]:
        """Return the ids of the institutions at which this actor holds one of `roles`."""
        return frozenset(institution for role, institution in self.roles if role in roles)

    def holds(self, *roles: Role) -> bool:
        """Return whether the actor holds one of `roles` anywhere."""
        return bool(self.institutions(*roles))


NOBODY = Actor(ActorKind.NOBODY, "visitor")


def system(name: str) -> Actor:
    """Return the actor behind a job or a command called `name`."""
    return Actor(ActorKind.SYSTEM, name)


class Action(StrEnum):
    """Everything that a route may let somebody do."""

    READ_PUBLIC = "read public pages"
    PRACTISE = "practise without an account"
    SIGN_IN = "sign in or register"
    USE_LINK = "use a link that was sent by mail"
    VERIFY = "verify a credential"
    MANAGE_OWN_ACCOUNT = "manage one's own account"
    TAKE_TESTS = "take tests"
    SEE_OWN_RECORD = "see one's own record"
    SHOW_WORK = "show work as evidence"
    ASSESS = "rate performances"
    WATCH_RATERS = "see how far raters agree"
    GRANT_CREDIT = "list, explain and revoke awards"
    ANSWER_COMPLAINTS = "answer complaints"
    ERASE_OBSERVERS = "erase who an observer is"
    FIND_RATERS = "see what nobody may rate"
    AUTHOR_ITEMS = "see and edit banks and tests"
    MANAGE_CATALOGUE = "publish listings and achievements"
    MANAGE_PEOPLE = "invite staff, set accommodations"
    INVIGILATE = "issue start codes and record identity"
    READ_AUDIT = "read the audit log"


PUBLIC = frozenset(
    {Action.READ_PUBLIC, Action.PRACTISE, Action.SIGN_IN, Action.USE_LINK, Action.VERIFY}
)
SIGNED_IN = frozenset(
    {
        Action.MANAGE_OWN_ACCOUNT,
        Action.TAKE_TESTS,
        Action.SHOW_WORK,
        Action.SEE_OWN_RECORD,
    }
)
BY_ROLE: dict[Action, frozenset[Role]] = {
    Action.ASSESS: frozenset({Role.ASSESSOR}),
    Action.WATCH_RATERS: frozenset({Role.PSYCHOMETRICIAN, Role.REGISTRAR, Role.ADMINISTRATOR}),
    Action.GRANT_CREDIT: frozenset({Role.REGISTRAR}),
    Action.ANSWER_COMPLAINTS: frozenset({Role.REGISTRAR, Role.ADMINISTRATOR}),
    Action.ERASE_OBSERVERS: frozenset({Role.REGISTRAR, Role.ADMINISTRATOR}),
    Action.FIND_RATERS: frozenset({Role.REGISTRAR, Role.ADMINISTRATOR}),
    Action.AUTHOR_ITEMS: frozenset({Role.AUTHOR, Role.PSYCHOMETRICIAN}),
    Action.MANAGE_CATALOGUE: frozenset({Role.REGISTRAR, Role.ADMINISTRATOR}),
    Action.MANAGE_PEOPLE: frozenset({Role.ADMINISTRATOR}),
    Action.INVIGILATE: frozenset({Role.REGISTRAR, Role.ADMINISTRATOR, Role.ASSESSOR}),
    Action.READ_AUDIT: frozenset({Role.ADMINISTRATOR}),
}

View = TypeVar("View", bound=Callable[..., object])


def action(required: Action) -> Callable[[View], View]:
    """Return a decorator that declares which action a view performs."""

    def declare(view: View) -> View:
        view.attest_action = required  # type: ignore[attr-defined]  # read by `_enforce`
        return view

    return declare


def declared_action(app: Flask, endpoint: str) -> Action | None:
    """Return the action that the view of `endpoint` declares, or None."""
    return getattr(app.view_functions[endpoint], "attest_action", None)


def allows(actor: Actor, required: Action) -> bool:
    """Return whether `actor` may perform `required` somewhere."""
    if required in PUBLIC:
        return True
    if required in SIGNED_IN:
        return actor.kind is ActorKind.PERSON
    return actor.holds(*BY_ROLE[required])


def may(required: Action) -> bool:
    """Return whether the person of this request may do `required`; for templates."""
    return allows(actor(), required)


def institutions_for(actor: Actor, required: Action) -> frozenset[str]:
    """Return the institutions at which `actor` may perform `required`; queries are scoped by it."""
    return actor.institutions(*BY_ROLE[required])


def require_at(actor: Actor, required: Action, institution_id: str) -> None:
    """Raise Forbidden unless `actor` may perform `required` at that institution."""
    if actor.kind is not ActorKind.SYSTEM and institution_id not in institutions_for(
        actor, required
    ):
        raise Forbidden("You hold no role at this institution that may do this.")


def actor() -> Actor:
    """Return the actor of this request, read once."""
    if "actor" not in g:
        g.actor = current_user.as_actor() if current_user.is_authenticated else NOBODY
    found: Actor = g.actor
    return found


def declare_static(app: Flask, endpoints: Iterable[str]) -> None:
    """Declare the endpoints that serve files of packages and of our own stylesheet."""
    for endpoint in endpoints:
        view = app.view_functions[endpoint]

        def serve(*args: object, _view: Callable[..., object] = view, **named: object) -> object:
            return _view(*args, **named)

        app.view_functions[endpoint] = action(Action.READ_PUBLIC)(serve)  # type: ignore[assignment]  # Flask's own type is narrower


def _enforce() -> Response | None:
    if request.endpoint is None:
        return None
    required = declared_action(current_app, request.endpoint)
    if required is None:
        abort(403)
    if required in PUBLIC and request.endpoint in CACHEABLE:  # a file asks nobody who it is for
        return None
    if allows(actor(), required):
        return None
    if actor().kind is ActorKind.NOBODY and not wants_json() and request.method == "GET":
        return redirect(url_for("people.sign_in", next=request.full_path.rstrip("?")))
    abort(401 if actor().kind is ActorKind.NOBODY else 403)


def init_app(app: Flask) -> None:
    """Ask before every request whether its actor may do what the route declares."""
    app.before_request(_enforce)
    app.jinja_env.globals.update(may=may, Action=Action, actor=actor)
