"""Formats: item banks as files, read without letting one bad line stop the rest."""

from itembank.formats.reading import BankFormat, read_bank
from itembank.formats.records import Area, ParsedBank, Refusal

__all__ = ["Area", "BankFormat", "ParsedBank", "Refusal", "read_bank"]
