"""Briefs: an institution invites an employer, who writes one; it is read, and published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from assessment import clock, transactions
from assessment.access import Action, Actor, ActorKind, institutions_for
from assessment.audit import service as audit
from assessment.errors import Conflict, Invalid
from assessment.extensions import db
from assessment.ids import new_id
from assessment.locale import gettext as _
from assessment.observations import service as observations
from assessment.observations.links import hashed, new_nonce, token_of
from assessment.people import service as people
from assessment.people import throttle
from assessment.performances.models import Task
from assessment.performances.publishing import handling_of, policy_of
from assessment.projects import letters
from assessment.projects.finding import by_link, kept, link_of
from assessment.projects.models import Project, ProjectState

TO_WRITE = timedelta(days=21)
TO_RATE = timedelta(days=60)
LONGEST_TITLE, LONGEST_BRIEF, LONGEST_REASON = 120, 8_000, 2_000
MOST_SEATS = 12
LONGEST_WAIT = timedelta(days=365)


def tasks_for_projects(actor: Actor) -> list[Task]:
    """Return the tasks of the actor's institutions that employers may have done."""
    homes = institutions_for(actor, Action.MANAGE_CATALOGUE)
    rows = select(Task).where(Task.is_current, Task.institution_id.in_(homes)).order_by(Task.key)
    found = db.session.scalars(rows)
    return [each for each in found if handling_of(each).projects and policy_of(each).observable]


def invite(named: observations.Named, task_key: str, actor: Actor) -> Project:
    """Return the project that an employer's contact is asked to write; their link is mailed."""
    named = observations.checked(named)
    observations.admit(named, actor)
    task = next((each for each in tasks_for_projects(actor) if each.key == task_key), None)
    if task is None:
        raise Invalid(_("Choose a task that allows projects."), field="task")
    if not named.employer:
        raise Invalid(_("Enter where they work."), field="employer")
    project = _insert(named, task, actor)
    audit.record(_chain(project), "project invited", actor, project.id, task=task.key)
    letters.mail_employer(project, letters.inviting(project, link_of(project)), "invited")
    return project


def _insert(named: observations.Named, task: Task, actor: Actor) -> Project:
    nonce, moment = new_nonce(), clock.now()
    project = Project(
        id=new_id(),
        institution_id=task.institution_id,
        task_key=task.key,
        state=ProjectState.INVITED,
        nonce=nonce,
        token_hash=hashed(token_of(nonce)),
        mailbox=observations.known_by(named.email),
        email=named.email,
        name=named.name,
        employer=named.employer,
        language=named.language,
        languages=[named.language],
        invited_by=actor.reference,
        invited_at=moment,
        expires_at=moment + TO_WRITE,
    )
    db.session.add(project)
    db.session.flush()
    return project


@dataclass(frozen=True)
class Brief:
    """What an employer writes: what is to be delivered, until which day, and by how many."""

    title: str
    text: str
    due: date
    seats: int
    languages: tuple[str, ...]


def admit(address: str) -> None:
    """Count one more use of a link from a network address; TooMany beyond the limit."""
    throttle.admit(throttle.from_address(throttle.LINK_FROM_ADDRESS, address))
    transactions.begin_writing()


def propose(token: str, brief: Brief, address: str) -> Project:
    """Return the project with the brief that the institution now reads."""
    admit(address)
    project = _held(by_link(token).id)
    if project.state != ProjectState.INVITED:
        raise Conflict(_("Your brief is with the institution already; it changes no more."))
    project.title, project.brief = _title(brief.title), _text(brief.text)
    project.due_at = _due(project, brief.due)
    project.seats, project.languages = _seats(brief.seats), list(brief.languages)
    project.state, project.proposed_at = ProjectState.PROPOSED, clock.now()
    project.expires_at = project.due_at + TO_RATE
    db.session.flush()
    audit.record(_chain(project), "project proposed", actor_of(project), project.id)
    return project


def _held(project_id: str) -> Project:
    return db.session.get_one(Project, project_id, populate_existing=True, with_for_update=True)


def actor_of(project: Project) -> Actor:
    """Return whoever holds the link of a project, when they act."""
    return Actor(ActorKind.LINK, project.id)


def _title(text: str) -> str:
    line = " ".join(text.split())
    if not line or len(line) > LONGEST_TITLE:
        sentence = _("Enter a title of at most %(n)s characters.", n=LONGEST_TITLE)
        raise Invalid(sentence, field="title")
    return line


def _text(text: str) -> str:
    if not text.strip() or len(text) > LONGEST_BRIEF:
        sentence = _("Say in at most %(n)s characters what is to be delivered.", n=LONGEST_BRIEF)
        raise Invalid(sentence, field="text")
    return text.strip()


def _seats(number: int) -> int:
    if not 1 <= number <= MOST_SEATS:
        sentence = _("Enter a number of people from 1 to %(n)s.", n=MOST_SEATS)
        raise Invalid(sentence, field="seats")
    return number


def _due(project: Project, day: date) -> datetime:
    """Return the end of a day where the institution is."""
    zone = ZoneInfo(people.institution(project.institution_id).timezone)
    today = clock.now().astimezone(zone).date()
    if not today < day <= today + LONGEST_WAIT:
        raise Invalid(_("Choose a day from tomorrow on, within a year."), field="due")
    return datetime.combine(day, time(23, 59), zone).astimezone(UTC)


def publish(project_id: str, actor: Actor) -> None:
    """Let learners see a project and join it."""
    project = _proposed(project_id, actor)
    if project.due_at is None or project.due_at <= clock.now():
        raise Conflict(_("The day to deliver has passed. Give the brief back, for another day."))
    project.state, project.published_at = ProjectState.OPEN, clock.now()
    _record("project published", project, actor)


def give_back(project_id: str, because: str, actor: Actor) -> None:
    """Ask the employer to change the brief, and say why."""
    project = _proposed(project_id, actor)
    if not because.strip() or len(because) > LONGEST_REASON:
        raise Invalid(_("Say in a sentence or two what to change."), field="because")
    project.state, project.because = ProjectState.INVITED, because.strip()
    project.expires_at = clock.now() + TO_WRITE
    _record("project given back", project, actor)
    letters.mail_employer(project, letters.giving_back(project, link_of(project)), "given back")


def close(project_id: str, actor: Actor) -> None:
    """Let nobody join any more; closing it again changes nothing."""
    project = kept(project_id, actor, locked=True)
    if project.state != ProjectState.CLOSED:
        project.state, project.closed_at = ProjectState.CLOSED, clock.now()
        _record("project closed", project, actor)


def _proposed(project_id: str, actor: Actor) -> Project:
    project = kept(project_id, actor, locked=True)
    if project.state != ProjectState.PROPOSED:
        raise Conflict(_("There is no brief to decide on here any more."))
    return project


def _chain(project: Project) -> str:
    return audit.institution_chain(project.institution_id)


def _record(act: str, project: Project, actor: Actor) -> None:
    db.session.flush()
    audit.record(_chain(project), act, actor, project.id)
