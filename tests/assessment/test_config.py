"""A setting that is wrong is refused at the start, in a sentence that names it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from assessment.config import Quotas, SettingError, read_settings

POSTGRES = {"ATTEST_DATABASE_URL": "postgresql://db/attest", "ATTEST_SECRET_KEY": "s" * 32}


def test_the_embedded_default_needs_no_setting(tmp_path: Path) -> None:
    settings = read_settings({"ATTEST_DATA": str(tmp_path / "var")})
    assert settings.embedded
    assert not settings.secure
    assert settings.base_url == "http://localhost:8000"
    assert settings.bind == "127.0.0.1:8000"
    assert settings.hosts == ("localhost", "127.0.0.1")
    assert settings.storage_url.startswith("file:///")


def test_a_generated_secret_key_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    first = read_settings({"ATTEST_DATA": str(tmp_path)})
    second = read_settings({"ATTEST_DATA": str(tmp_path)})
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) == 64
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_postgresql_gets_its_driver_and_keys_a_default(tmp_path: Path) -> None:
    settings = read_settings({**POSTGRES, "ATTEST_DATA": str(tmp_path)})
    assert settings.database_url == "postgresql+psycopg://db/attest"
    assert settings.keys_key == settings.secret_key
    assert not settings.embedded


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        (
            {"ATTEST_DATABASE_URI": "x"},
            r"ATTEST_DATABASE_URI is not a setting.*ATTEST_DATABASE_URL",
        ),
        ({"ATTEST_DATABASE_URL": "mysql://x"}, "ATTEST_DATABASE_URL must begin with"),
        ({"ATTEST_DATABASE_URL": "postgresql://x"}, "ATTEST_SECRET_KEY is required"),
        ({"ATTEST_SECRET_KEY": "short"}, "ATTEST_SECRET_KEY must be 32"),
        ({"ATTEST_BASE_URL": "attest.example.org"}, "ATTEST_BASE_URL must look like"),
        ({"ATTEST_BASE_URL": "javascript://x"}, "ATTEST_BASE_URL must look like"),
        ({"ATTEST_BIND": "8000"}, "ATTEST_BIND must look like"),
        ({"ATTEST_BIND": "0.0.0.0:99999"}, "ATTEST_BIND must look like"),
        ({"ATTEST_STORAGE_URL": "ftp://x"}, "ATTEST_STORAGE_URL must begin with"),
        ({"ATTEST_MAIL_URL": "mailto:x"}, "ATTEST_MAIL_URL must begin with"),
        ({"ATTEST_TRUSTED_PROXIES": "-1"}, "ATTEST_TRUSTED_PROXIES must be a whole number"),
        ({"ATTEST_UPLOAD_FILE_MB": "0"}, "ATTEST_UPLOAD_FILE_MB must be a whole number from 1 to"),
        ({"ATTEST_UPLOAD_FILE_MB": "501"}, "ATTEST_UPLOAD_FILE_MB .* from 1 to 500; got '501'"),
        ({"ATTEST_UPLOAD_FILE_MB": "200 MB"}, "ATTEST_UPLOAD_FILE_MB .* got '200 MB'"),
        ({"ATTEST_UPLOAD_LEARNER_MB": "²"}, "ATTEST_UPLOAD_LEARNER_MB must be a whole number"),
        ({"ATTEST_UPLOAD_LEARNER_MB": "9" * 5000}, "ATTEST_UPLOAD_LEARNER_MB must be a whole"),
        ({"ATTEST_UPLOAD_LEARNER_FILES": "-3"}, "ATTEST_UPLOAD_LEARNER_FILES must be a whole"),
        (
            {"ATTEST_UPLOAD_LEARNER_MB": "100"},
            r"ATTEST_UPLOAD_FILE_MB \(200\) must be at most ATTEST_UPLOAD_LEARNER_MB \(100\)",
        ),
    ],
)
def test_a_wrong_setting_is_refused(environ: dict[str, str], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=sentence):
        read_settings({"ATTEST_DATA": str(tmp_path), **environ})


def test_the_quotas_of_uploads_are_settings(tmp_path: Path) -> None:
    default = read_settings({"ATTEST_DATA": str(tmp_path)}).quotas
    assert default == Quotas(200_000_000, 1_000_000_000, 200)
    given = {
        "ATTEST_UPLOAD_FILE_MB": "80",
        "ATTEST_UPLOAD_LEARNER_MB": "80",
        "ATTEST_UPLOAD_LEARNER_FILES": "1",
    }
    set_so = read_settings({"ATTEST_DATA": str(tmp_path), **given}).quotas
    assert set_so == Quotas(80_000_000, 80_000_000, 1)


def test_a_refusal_never_repeats_a_password(tmp_path: Path) -> None:
    with pytest.raises(SettingError) as refusal:
        read_settings({"ATTEST_DATA": str(tmp_path), "ATTEST_DATABASE_URL": "mysql://u:secret@h"})
    assert "secret" not in str(refusal.value)
