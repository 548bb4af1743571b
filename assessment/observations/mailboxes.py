"""Mailboxes: whose two addresses are one, and which anybody can open."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata

from flask import current_app

PUBLIC_DOMAINS = frozenset(
    {
        *("gmail.com", "googlemail.com", "outlook.com", "outlook.fr", "hotmail.com", "hotmail.ca"),
        *("hotmail.fr", "live.com", "live.ca", "live.fr", "msn.com", "yahoo.com", "yahoo.ca"),
        *("yahoo.fr", "ymail.com", "rocketmail.com", "icloud.com", "me.com", "mac.com", "aol.com"),
        *("proton.me", "protonmail.com", "pm.me", "gmx.com", "gmx.net", "gmx.fr", "mail.com"),
        *("zoho.com", "fastmail.com", "hey.com", "tutanota.com", "tuta.io", "yandex.com"),
        *("videotron.ca", "sympatico.ca", "bell.net", "rogers.com", "shaw.ca", "telus.net"),
        *("cogeco.ca", "eastlink.ca", "sasktel.net", "nb.sympatico.ca", "teksavvy.com"),
    }
)
"""Mail providers where anybody has a mailbox: the domain says nothing of an employer."""
_SAME = {"googlemail.com": "gmail.com"}


def domain_of(email: str) -> str:
    """Return the domain of an address."""
    return email.rpartition("@")[2].casefold()


def is_public(email: str) -> bool:
    """Return whether anybody can have a mailbox at the domain of an address."""
    return domain_of(email) in PUBLIC_DOMAINS


def canonical(email: str) -> str:
    """Return the one address of all that differ in case, in dots and in what follows a plus."""
    local, _at, domain = unicodedata.normalize("NFC", email.strip()).casefold().rpartition("@")
    plain = local.partition("+")[0].replace(".", "")
    return f"{plain or local}@{_SAME.get(domain, domain)}"


def known_by(email: str) -> str:
    """Return the keyed hash by which the owner of a mailbox is told apart; nobody lists them."""
    return keyed("mailbox", canonical(email))


def keyed(purpose: str, text: str) -> str:
    """Return a hash of `text` that only this installation can make."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, f"observer {purpose}\n{text}".encode(), hashlib.sha256).hexdigest()
