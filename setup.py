"""Compiles the translations into the package; all else is declared in setup.cfg."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).resolve().parent


class BuildWithTranslations(build_py):
    """Build the package with a compiled catalogue beside each translation."""

    def run(self) -> None:
        """Compile the catalogues, then build."""
        for source in HERE.glob("assessment/translations/*/LC_MESSAGES/*.po"):
            with source.open("rb") as text, source.with_suffix(".mo").open("wb") as compiled:
                write_mo(compiled, read_po(text, locale=source.parts[-3]))
        super().run()


setup(cmdclass={"build_py": BuildWithTranslations})
