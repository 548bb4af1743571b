"""`attest demo` on an installation of its own, as `make run` calls it."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, text

from assessment.cli import commands
from assessment.demo.loading import NotEmpty


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the data folder of a new installation, which the environment names."""
    monkeypatch.setenv("ATTEST_DATA", str(tmp_path))
    monkeypatch.delenv("ATTEST_DATABASE_URL", raising=False)
    return tmp_path


def attest(*words: str) -> Result:
    """Return what a command of `attest` did."""
    return CliRunner().invoke(commands(), words)


def execute(folder: Path, *statements: str) -> None:
    """Change the installation's database by hand."""
    engine = create_engine(f"sqlite:///{folder / 'attest.db'}")
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_makes_the_tables_loads_and_says_where_to_look(folder: Path) -> None:
    first = attest("demo")
    assert first.exit_code == 0, first.output
    assert "117 questions" in first.output
    assert "http://localhost:8000/registrar" in first.output
    assert "Tanya Beardy" in first.output
    again = attest("demo", "--if-empty")
    assert again.exit_code == 0, again.output
    assert "nothing was changed" in again.output


def test_leaves_the_data_of_others_alone(folder: Path) -> None:
    attest("demo")
    execute(folder, "DELETE FROM installation_fact")
    refused = attest("demo")
    assert isinstance(refused.exception, NotEmpty)
    left_alone = attest("demo", "--if-empty")
    assert left_alone.exit_code == 0
    assert "institutions of its own" in left_alone.output
