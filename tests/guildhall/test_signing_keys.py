"""The operator adds a signing key: once, whole, and handed to where identity reads it."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chassis.auth.key_ring import ring_file
from guildhall import whole_file
from guildhall.distributed.handed_secrets import Places, hand_out
from guildhall.keys import MEMBER_TOKENS_KEY, keep_keys
from guildhall.refusals import StartRefused
from guildhall.signing_keys.rotation import FORGOTTEN_AFTER, LATER_MAX, hand_to, read_keys, rotate

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
AHEAD = timedelta(minutes=15)
PLACES = Places("postgres:5432", "kafka:9092", "kafka:9093", "kafka:9094", "guild.example:9094")


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    keep_keys(tmp_path / "secrets")
    return tmp_path / "secrets"


def test_a_key_is_added_for_its_owner_alone_and_signs_later(secrets: Path) -> None:
    first = (secrets / MEMBER_TOKENS_KEY).read_bytes()
    made = rotate(secrets, NOW, AHEAD, at_once=False)
    assert made.is_new
    assert [one.signs_from for one in made.later] == [NOW + AHEAD]
    assert (secrets / MEMBER_TOKENS_KEY).read_bytes() == first, "what is derived from it stays"
    file = ring_file(secrets / MEMBER_TOKENS_KEY)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.key.key_id for one in read_keys(secrets).later] == [made.later[-1].key.key_id]


def test_while_one_waits_a_repeat_adds_none(secrets: Path) -> None:
    made = rotate(secrets, NOW, AHEAD, at_once=False)
    again = rotate(secrets, NOW + AHEAD - timedelta(seconds=1), AHEAD, at_once=False)
    assert (again.is_new, again.later[-1].key.key_id) == (False, made.later[-1].key.key_id)
    third = rotate(secrets, NOW + AHEAD, AHEAD, at_once=False)
    assert (third.is_new, len(third.later)) == (True, 2)


def test_a_key_in_wrong_hands_goes_with_the_one_that_waits(secrets: Path) -> None:
    waiting = rotate(secrets, NOW, AHEAD, at_once=False)
    made = rotate(secrets, NOW, AHEAD, at_once=True)
    assert made.is_new
    assert [(one.signs_from, one.at_once) for one in made.later] == [(NOW, True)]
    assert made.later[-1].key.key_id != waiting.later[-1].key.key_id


def test_old_keys_are_forgotten_and_not_too_many_are_added(secrets: Path) -> None:
    for number in range(LATER_MAX):
        rotate(secrets, NOW + timedelta(hours=number), timedelta(minutes=1), at_once=False)
    with pytest.raises(StartRefused, match="within 7 days"):
        rotate(secrets, NOW + timedelta(hours=LATER_MAX), AHEAD, at_once=False)
    later = NOW + FORGOTTEN_AFTER + timedelta(days=2)
    made = rotate(secrets, later, AHEAD, at_once=False)
    assert [one.signs_from for one in made.later][1:] == [later + AHEAD], "and the one that signs"


def test_a_kill_leaves_what_was_and_a_repeat_goes_on(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(whole_file.os, "fsync", killed)
        with pytest.raises(KeyboardInterrupt):
            rotate(secrets, NOW, AHEAD, at_once=False)
    assert read_keys(secrets).later == ()
    assert rotate(secrets, NOW, AHEAD, at_once=False).is_new
    keep_keys(secrets)  # as a start does
    assert len(read_keys(secrets).later) == 1


def test_identity_alone_is_handed_the_keys_also_by_a_repeat_after_a_kill(tmp_path: Path) -> None:
    hand_out(tmp_path / "data", tmp_path / "into", PLACES)
    secrets, identity = tmp_path / "data" / "secrets", tmp_path / "into" / "identity"
    made = rotate(secrets, NOW, AHEAD, at_once=False)  # and killed before it was handed out
    assert read_keys(identity).later == ()
    assert not rotate(secrets, NOW, AHEAD, at_once=False).is_new
    hand_to(secrets, identity)
    assert [one.key.key_id for one in read_keys(identity).later] == [made.later[-1].key.key_id]
    handed = ring_file(identity / MEMBER_TOKENS_KEY)
    assert stat.S_IMODE(handed.stat().st_mode) == 0o400
    second = rotate(secrets, NOW + AHEAD, AHEAD, at_once=False)
    hand_out(tmp_path / "data", tmp_path / "into", PLACES)
    assert [one.key.key_id for one in read_keys(identity).later] == [one.key.key_id for one in second.later]
    assert [path.parent.name for path in (tmp_path / "into").rglob("*.ring")] == ["identity"]


def test_another_folder_is_refused(secrets: Path, tmp_path: Path) -> None:
    with pytest.raises(StartRefused, match="not the folder of secrets"):
        hand_to(secrets, tmp_path)
    with pytest.raises(StartRefused, match="readable PEM file"):
        rotate(tmp_path, NOW, AHEAD, at_once=False)
    ring_file(secrets / MEMBER_TOKENS_KEY).write_text("{")
    with pytest.raises(StartRefused, match="no file of signing keys"):
        rotate(secrets, NOW, AHEAD, at_once=False)
