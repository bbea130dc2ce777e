"""What the event classes accept, refuse and write."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from events.catalogue import CATALOGUE, event_class_of
from events.identity import UnionState
from events.ledger import MAX_TRANSFERS_PER_EVENT, PostedTransfer, TransferPosted
from events.schemas_generator import schema_of
from tests.wire.examples import example_of

EVENT_BYTES_MAX = 256 * 1024
LARGEST_MINOR = 2**62


def _data(event_type: str, **changed: object) -> dict[str, Any]:
    return {**example_of(schema_of(CATALOGUE[event_type])), **changed}


def test_a_key_is_the_declared_fields_in_their_order() -> None:
    supporter, leader = UUID(int=1), UUID(int=2)
    event = CATALOGUE["backlink"].model_validate(
        _data("backlink", union_id=UUID(int=3), supporter_id=supporter, leader_id=leader)
    )
    assert event.key() == f"{UUID(int=3)}:{supporter}:{leader}"


def test_an_unknown_type_has_no_class() -> None:
    assert event_class_of("union.v2") is None
    assert event_class_of("union") is UnionState


@pytest.mark.parametrize(
    "minor", [-1, "-1", "", "1.5", 1.5, "1e3", True, None, "12345678901234567890", 2**62 + 1, "٣", " 1"]
)
def test_an_amount_that_is_no_amount_is_refused(minor: object) -> None:
    with pytest.raises(ValidationError):
        CATALOGUE["offer"].model_validate(_data("offer", price_minor=minor))


@pytest.mark.parametrize("minor", [0, 1, LARGEST_MINOR])
def test_an_amount_is_an_integer_here_and_a_string_in_json(minor: int) -> None:
    event = CATALOGUE["offer"].model_validate(_data("offer", price_minor=minor))
    assert event.model_dump()["price_minor"] == minor
    assert json.loads(event.model_dump_json())["price_minor"] == str(minor)


@pytest.mark.parametrize(
    ("event_type", "field", "content"),
    [
        ("offer", "state", "Open for all"),
        ("offer", "asset", "gold"),
        ("union", "slug", "The Weavers"),
        ("union", "founded_at", "2026-01-02T03:04:05"),
        ("union", "version", 0),
        ("union", "parameters", {"purpose": "We weave, and we say so"}),
        ("union", "parameters", {"Bad name": 1}),
        ("union", "parameters", {"supply_minor": 1.5}),
        ("voice", "topic", "General Matters"),
        ("transfer.posted", "transfers", []),
    ],
)
def test_a_field_outside_its_vocabulary_is_refused(event_type: str, field: str, content: object) -> None:
    with pytest.raises(ValidationError):
        CATALOGUE[event_type].model_validate(_data(event_type, **{field: content}))


def test_parameters_keep_amounts_beyond_what_javascript_can_count() -> None:
    event = UnionState.model_validate(
        _data("union", parameters={"supply_minor": LARGEST_MINOR, "founder_share_basis_points": 1_000})
    )
    assert json.loads(event.model_dump_json())["parameters"] == {
        "supply_minor": str(LARGEST_MINOR),
        "founder_share_basis_points": 1_000,
    }
    assert event.number("supply_minor") == LARGEST_MINOR
    assert event.number("founder_share_basis_points") == 1_000
    assert event.number("joining_grants_per_day", 2_000) == 2_000
    with pytest.raises(KeyError):
        event.number("joining_grants_per_day")


def _transfers(count: int) -> list[dict[str, object]]:
    return [
        {"id": str(UUID(int=number)), "code": "c" * 48, "asset": "A" * 10, "minor": LARGEST_MINOR}
        for number in range(count)
    ]


def test_the_largest_event_fits_the_bus() -> None:
    event = TransferPosted.model_validate(
        _data("transfer.posted", transfers=_transfers(MAX_TRANSFERS_PER_EVENT))
    )
    assert len(event.model_dump_json().encode()) <= EVENT_BYTES_MAX
    with pytest.raises(ValidationError):
        TransferPosted.model_validate(
            _data("transfer.posted", transfers=_transfers(MAX_TRANSFERS_PER_EVENT + 1))
        )


def test_an_event_cannot_be_changed_after_it_was_written() -> None:
    event = UnionState.model_validate(_data("union"))
    with pytest.raises(ValidationError):
        event.slug = "another"  # pyright: ignore[reportAttributeAccessIssue]


def test_transfers_written_of_rows_are_what_the_event_writes() -> None:
    posted_at = datetime(2027, 5, 1, 12, 30, 0, 1_000, tzinfo=UTC)
    ids, amounts = [UUID(int=7), UUID(int=8)], [1, LARGEST_MINOR]
    event, written = TransferPosted.of_rows(
        (UUID(int=3), 4, posted_at), [(str(ids[0]), "pay", "GLD", 1), (ids[1], "pay", "GLD", LARGEST_MINOR)]
    )
    whole = TransferPosted(
        union_id=UUID(int=3),
        entry_number=4,
        posted_at=posted_at,
        transfers=tuple(
            PostedTransfer(id=one, code="pay", asset="GLD", minor=minor)
            for one, minor in zip(ids, amounts, strict=True)
        ),
    )
    assert written == whole.model_dump_json().encode()
    assert event.key() == whole.key()
