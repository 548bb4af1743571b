"""Mail: written as a job in the transaction that causes it, sent by the worker, held on demand.

Until it is sent, a mail lies sealed under the secret key, because it may carry a single-use link
of which the tables keep only a hash; once sent, the job forgets it.
"""

from __future__ import annotations

import base64
import json
import os
import smtplib
import ssl
from dataclasses import asdict, dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from assessment import clock, installation, transactions
from assessment.config import Settings
from assessment.ids import new_id
from assessment.jobs import queue
from assessment.jobs.handlers import Hopeless, Later, Payload, handler
from assessment.jobs.service import enqueue

KIND = "mail.send"
HELD_SECONDS = 300
SMTP_TIMEOUT_SECONDS = 30
SUBMISSION_PORT = 587
TLS_PORT = 465
LONGEST_HEADER = 400


@dataclass(frozen=True)
class Mail:
    """One mail to one person, in one language."""

    id: str
    to: str
    subject: str
    text: str
    language: str
    written_at: str

    @property
    def file_name(self) -> str:
        """The name under which an outbox keeps it: sending it twice writes one file."""
        return f"{self.written_at[:19].replace(':', '')}-{self.id}.eml"


UNBROKEN = dict.fromkeys((ord("\N{NO-BREAK SPACE}"), ord("\N{NARROW NO-BREAK SPACE}")), " ")


def send(to: str, subject: str, text: str, *, language: str, once_key: str | None = None) -> None:
    """Write a mail into this transaction; the worker sends it after the commit.

    Mails with one `once_key` are one mail. An address or a subject that would add a header is a
    ValueError.
    """
    identifier = new_id()
    mail = Mail(
        identifier,
        checked_address(to),
        checked_subject(subject),
        text,
        language,
        clock.now().isoformat(),
    )
    enqueue(KIND, {"sealed": _seal(mail)}, once_key=once_key)


def checked_address(to: str) -> str:
    """Return `to` if it is one address; ValueError otherwise."""
    try:
        if len(to) > LONGEST_HEADER or not to.isprintable():
            raise MessageError
        parsed = Address(addr_spec=to)
        if not parsed.username or not parsed.domain:
            raise MessageError
    except (MessageError, ValueError, IndexError) as wrong:
        raise ValueError("`to` must be one e-mail address; got another text at send.") from wrong
    return to


def checked_subject(subject: str) -> str:
    """Return `subject` if it is one line; ValueError otherwise.

    French sets a space that does not break before a colon and within quotation marks.
    """
    is_line = subject.translate(UNBROKEN).isprintable()
    if not is_line or len(subject) > LONGEST_HEADER:
        raise ValueError("`subject` must be one printable line; got another text at send.")
    return subject


def hold() -> None:
    """Hold every mail from now on; flushed, not committed."""
    installation.record(installation.Fact.MAIL_HELD)


def release() -> int:
    """Let held mail go, and return how many mails wait; flushed, not committed."""
    installation.forget(installation.Fact.MAIL_HELD)
    queue.wake(KIND)
    return queue.waiting_count(KIND)


@handler(KIND, forgets=True)
def deliver(payload: Payload) -> None:
    """Send the mail of a job, unless mail is held."""
    held = installation.holds(installation.Fact.MAIL_HELD)
    transactions.rollback()
    if held:
        raise Later(HELD_SECONDS, "Mail is held until `attest mail release`.")
    url = _settings().mail_url
    mail = _unseal(payload["sealed"])
    if url.startswith("file:"):
        write_to_outbox(mail, Path(unquote(urlsplit(url).path)))
    else:
        send_by_smtp(mail, url)


def message(mail: Mail, sender: str) -> EmailMessage:
    """Return the mail as it goes over the wire."""
    built = EmailMessage(policy=SMTP)
    built["From"] = sender
    built["To"] = mail.to
    built["Subject"] = mail.subject
    built["Date"] = format_datetime(datetime.fromisoformat(mail.written_at))
    built["Message-ID"] = f"<{mail.id}@{sender.rpartition('@')[2]}>"
    built["Auto-Submitted"] = "auto-generated"
    built.set_content(mail.text)
    built["Content-Language"] = mail.language  # setting the content clears such headers
    return built


def sender_for(url: str, base_url: str) -> str:
    """Return the sender that the mail URL names, or one at the host of the base URL."""
    named = parse_qs(urlsplit(url).query).get("from", [])
    return named[0] if named else f"attest@{urlsplit(base_url).hostname}"


def write_to_outbox(mail: Mail, outbox: Path) -> Path:
    """Return the file that now holds the mail: whole, or not there at all."""
    outbox.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = outbox / mail.file_name
    draft = outbox / f".{mail.id}.draft"
    sender = sender_for("", _settings().base_url)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(bytes(message(mail, sender)))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return path


def send_by_smtp(mail: Mail, url: str) -> None:
    """Send the mail through the server at `url`, encrypted unless the server is this machine."""
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    secure = ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, parts.port or TLS_PORT, timeout=SMTP_TIMEOUT_SECONDS, context=secure
        )
    else:
        server = smtplib.SMTP(host, parts.port or SUBMISSION_PORT, timeout=SMTP_TIMEOUT_SECONDS)
    with server:
        if parts.scheme == "smtp" and host not in ("localhost", "127.0.0.1", "::1"):
            server.starttls(context=secure)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message(mail, sender_for(url, _settings().base_url)))


def _seal(mail: Mail) -> str:
    return _cipher().encrypt(json.dumps(asdict(mail)).encode()).decode()


def _unseal(sealed: str) -> Mail:
    try:
        return Mail(**json.loads(_cipher().decrypt(sealed.encode())))
    except InvalidToken as unreadable:
        raise Hopeless("The mail was sealed under a secret key that is not ours.") from unreadable


def _cipher() -> MultiFernet:
    settings = _settings()
    keys = (settings.secret_key, *settings.secret_key_fallbacks)
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(secret: str) -> bytes:
    derive = HKDF(SHA256(), length=32, salt=None, info=b"attest: mail that waits")
    return base64.urlsafe_b64encode(derive.derive(secret.encode()))


def _settings() -> Settings:
    found: Settings = current_app.extensions["attest_settings"]
    return found
