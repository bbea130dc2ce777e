"""Look-alikes: which handles pass for one another, and that the database's own spelling of it agrees."""

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain.errors import HandleRefused
from services.identity.domain.handle import check_handle
from services.identity.domain.look_alike import look_alikes, look_of
from services.identity.store.tables import SCHEMA


@pytest.mark.parametrize(
    ("handle", "other"),
    [
        ("gold", "g0ld"),
        ("alice", "a1ice"),
        ("mara", "rnara"),
        ("ada-lima", "adalima"),
        ("wanda", "vvanda"),
        ("m00n-1ight", "rnoonlight"),
        ("a1b", "a-l-b"),
    ],
)
def test_what_passes_for_another_looks_the_same(handle: str, other: str) -> None:
    assert look_of(handle) == look_of(other)


@pytest.mark.parametrize(
    ("handle", "other"),
    [("ada", "adi"), ("ali", "all"), ("ana", "anna"), ("seven-7", "seven-8"), ("bo5", "bos")],
)
def test_what_a_reader_tells_apart_does_not(handle: str, other: str) -> None:
    assert look_of(handle) != look_of(other)


def test_the_library_knows_what_the_database_was_told() -> None:
    assert look_alikes() == {"0": "o", "1": "l", "m": "rn"}


handles = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789-"), min_size=1, max_size=30)


@given(handles)
def test_a_look_looks_like_itself(handle: str) -> None:
    assert look_of(look_of(handle)) == look_of(handle)


@given(handles)
def test_the_migration_spells_it_alike(handle: str) -> None:
    """The SQL of the migration, read as the Python that it is nearly."""
    path = Path(SCHEMA.versions) / "0011_profiles.py"
    spec = importlib.util.spec_from_file_location("profiles", path)
    assert spec is not None and spec.loader is not None
    migration = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(migration)

    def translate(text: str, found: str, put: str) -> str:
        return text.translate({ord(each): put[at : at + 1] for at, each in enumerate(found)})

    def replace(text: str, found: str, put: str) -> str:
        return text.replace(found, put)

    sql = migration.LOOK.format(handle="handle")
    said = eval(sql, {"translate": translate, "replace": replace, "handle": handle})
    assert said == look_of(handle)


@pytest.mark.parametrize("handle", ["adrnin", "ad-min", "rnernber", "r00t", "guildha11", "f-ounder"])
def test_what_looks_like_a_reserved_word_is_none(handle: str) -> None:
    with pytest.raises(HandleRefused) as refusal:
        check_handle(handle)
    assert "reserved" in refusal.value.ground
