import stat
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from assessment.credentials.keys import (
    FileKeys,
    InstitutionKey,
    from_pem,
    generate,
    rotate,
    seal,
    signing_key,
    to_pem,
    unseal,
)


def raw(key: InstitutionKey) -> bytes:
    return key.private.private_bytes_raw()


def create_in(folder: Path) -> bytes:
    return raw(FileKeys(folder).create("college", 1))


def test_first_use_makes_the_key_and_later_uses_find_it(tmp_path: Path) -> None:
    store = FileKeys(tmp_path)
    assert store.keys("college") == ()
    made = signing_key(store, "college")
    assert made.number == 1
    assert raw(signing_key(FileKeys(tmp_path), "college")) == raw(made)


def test_key_files_are_private(tmp_path: Path) -> None:
    FileKeys(tmp_path).create("college", 1)
    file = tmp_path / "college" / "key-1.pem"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_no_draft_stays_behind(tmp_path: Path) -> None:
    store = FileKeys(tmp_path)
    store.create("college", 1)
    store.create("college", 1)
    assert [path.name for path in (tmp_path / "college").iterdir()] == ["key-1.pem"]


def test_rotation_signs_with_the_next_key_and_keeps_the_former(tmp_path: Path) -> None:
    store = FileKeys(tmp_path)
    former = signing_key(store, "college")
    for _ in range(9):
        newest = rotate(store, "college")
    assert newest.number == 10
    assert raw(signing_key(store, "college")) == raw(newest)
    assert [key.number for key in store.keys("college")] == list(range(1, 11))
    assert raw(store.keys("college")[0]) == raw(former)


def test_institutions_have_keys_of_their_own(tmp_path: Path) -> None:
    store = FileKeys(tmp_path)
    assert raw(store.create("college", 1)) != raw(store.create("harbour", 1))


def test_threads_that_race_get_one_key(tmp_path: Path) -> None:
    store, made = FileKeys(tmp_path), []
    start = threading.Barrier(12)

    def race() -> None:
        start.wait()
        made.append(raw(store.create("college", 1)))

    threads = [threading.Thread(target=race) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 12
    assert len(set(made)) == 1


def test_processes_that_race_get_one_key(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        made = list(pool.map(create_in, [tmp_path] * 8))
    assert len(set(made)) == 1


@pytest.mark.parametrize("institution", ["", "..", "../college", "a/b", "A", ".hidden", "a\n"])
def test_institution_never_leaves_the_folder(tmp_path: Path, institution: str) -> None:
    with pytest.raises(ValueError, match="`institution` must be"):
        FileKeys(tmp_path).create(institution, 1)


def test_key_does_not_show_itself() -> None:
    assert "private" not in repr(generate("college", 1))


def test_pem_of_another_kind_is_refused() -> None:
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    with pytest.raises(ValueError, match="`pem` must be an Ed25519"):
        from_pem("college", 1, pem)


def test_pem_round_trip() -> None:
    key = generate("college", 3)
    assert raw(from_pem("college", 3, to_pem(key))) == raw(key)


def test_sealed_key_opens_under_its_secret_only() -> None:
    key = generate("college", 1)
    sealed = seal(key, "secret")
    assert raw(unseal(sealed, "college", 1, "secret")) == raw(key)
    assert seal(key, "secret") != sealed
    for institution, number, secret in [
        ("college", 1, "other"),
        ("harbour", 1, "secret"),
        ("college", 2, "secret"),
    ]:
        with pytest.raises(ValueError, match="`sealed` must be"):
            unseal(sealed, institution, number, secret)


@pytest.mark.parametrize("sealed", ["", "AQ==", "no base64", "x" * 100])
def test_sealed_rubbish_does_not_open(sealed: str) -> None:
    with pytest.raises(ValueError, match="`sealed` must be"):
        unseal(sealed, "college", 1, "secret")


def test_changed_sealed_key_does_not_open() -> None:
    sealed = seal(generate("college", 1), "secret")
    for place in range(0, len(sealed), 7):
        changed = sealed[:place] + ("A" if sealed[place] != "A" else "B") + sealed[place + 1 :]
        with pytest.raises(ValueError, match="`sealed` must be"):
            unseal(changed, "college", 1, "secret")
