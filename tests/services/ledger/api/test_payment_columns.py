"""What is read as columns is what the models read, and what they would refuse is left to them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.ledger.api.payment_columns import payment_columns
from services.ledger.api.transfers import TransfersBody
from services.ledger.domain.payment_arrays import PaymentColumns
from tests.services.ledger.arrays import ENOUGH, array, chained, one_by_one
from tests.services.ledger.domain.ledger_nouns import named

PLAIN = array([2, 3] * (ENOUGH // 2), range(1, ENOUGH + 1))
FIRST = PLAIN[0]
OWN = str(named("an id of its own"))


def test_columns_say_what_was_sent() -> None:
    columns = payment_columns({"transfers": PLAIN})
    assert columns is not None
    assert list(columns.ids) == [transfer["id"] for transfer in PLAIN]
    assert [UUID(bytes=columns.id_bytes[at : at + 16]) for at in range(0, 16 * ENOUGH, 16)] == [
        UUID(transfer["id"]) for transfer in PLAIN
    ]
    assert columns.debit_account == FIRST["debit_account"] and columns.asset == "GLD"
    payees = [columns.payees[place] for place in columns.payee_places]
    assert payees == [transfer["credit_account"] for transfer in PLAIN]
    assert columns.amounts_minor.tolist() == list(range(1, ENOUGH + 1))


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        PLAIN,
        {},
        {"transfers": None},
        {"transfers": {}},
        {"transfers": PLAIN[:-1]},
        {"transfers": PLAIN, "more": 1},
        {"transfers": [*PLAIN, None]},
        {"transfers": [*PLAIN, "sixsix"]},
        {"transfers": [*PLAIN, list(FIRST)]},
        {"transfers": [*PLAIN, FIRST]},
    ],
)
def test_what_is_no_array_of_plain_payments_is_left_to_the_models(content: Any) -> None:
    assert payment_columns(content) is None


OF_FIELD: dict[str, list[Any]] = {
    "id": [
        OWN.upper(), OWN.replace("-", ""), f"{{{OWN}}}", f"{OWN} "[1:], OWN[:-1] + "g", OWN[:-1] + "é",
        OWN.replace("-", "_"), FIRST["id"], "", 7, None, [], {},
    ],
    "minor": [
        "0", "01", "-1", "+1", " 1", "1 ", "1\n", "1,2", "1e3", "1.0", "", "x", "٣", str(2**62), str(2**63),
        "9" * 19, "9" * 20, 1, 1.0, True, None, [], {},
    ],
    "debit_account": ["treasury", "x" * 65, "", 7, None, [], {}],
    "credit_account": ["x" * 65, "", 7, None, [], {}],
    "asset": ["SLV", "gld", "GLD\n", "", 7, None, [], {}],
    "code": ["burn", "PAY", "pay\n", "", 7, None, [], {}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"), [(field, value) for field, values in OF_FIELD.items() for value in values]
)
def test_one_value_that_is_not_plain_leaves_all_to_the_models(field: str, value: Any) -> None:
    assert payment_columns({"transfers": [*PLAIN, FIRST | {"id": OWN, field: value}]}) is None


def test_an_array_of_what_no_payment_may_be_is_left_to_the_models() -> None:
    for field, values in OF_FIELD.items():
        for value in values:
            if value in ("treasury", "SLV"):
                continue  # payments by form: the rules refuse them
            transfers = [transfer | {field: value} for transfer in PLAIN]
            assert payment_columns({"transfers": transfers}) is None, (field, value)


def test_a_payment_may_be_linked_to_the_next_one() -> None:
    columns = payment_columns({"transfers": chained(PLAIN, [0, 7])})
    assert columns is not None
    assert columns.are_linked.nonzero()[0].tolist() == [0, 7]
    said = [transfer | {"linked": place == 7} for place, transfer in enumerate(PLAIN)]
    columns = payment_columns({"transfers": said})
    assert columns is not None and columns.are_linked.nonzero()[0].tolist() == [7]
    for wrong in (1, "true", None, [], 0):
        assert payment_columns({"transfers": [FIRST | {"id": OWN, "linked": wrong}, *PLAIN]}) is None


def test_fields_may_come_in_any_order_but_none_else_and_none_may_be_missing() -> None:
    turned = [dict(reversed(transfer.items())) for transfer in PLAIN]
    assert payment_columns({"transfers": turned}) is not None
    more: list[dict[str, Any]] = [
        {"memo": ""},
        {"memo": "two\nlines"},
        {"memo": "x" * 281},
        {"memo": 7},
        {"memo": []},
        {"memo": False},
        {"balancing_debit": False},
        {"unknown": 1},
        {"linked": 1},
        {"linked": True},
    ]
    for fields in more:
        assert payment_columns({"transfers": [*PLAIN, FIRST | {"id": OWN} | fields]}) is None
    renamed = {name: value for name, value in FIRST.items() if name != "code"} | {"memo": "pay"}
    assert payment_columns({"transfers": [*PLAIN, renamed]}) is None
    for fields in more[:-1]:
        assert payment_columns({"transfers": [transfer | fields for transfer in PLAIN]}) is None, fields


def test_a_payment_may_have_a_memo() -> None:
    columns = payment_columns({"transfers": [PLAIN[0] | {"memo": "Lunch"}, *PLAIN[1:]]})
    assert columns is not None and list(columns.memos) == ["Lunch"] + [None] * (ENOUGH - 1)
    columns = payment_columns({"transfers": [transfer | {"memo": None} for transfer in PLAIN]})
    assert columns is not None and not columns.memos


anything = st.one_of(
    st.sampled_from([value for values in OF_FIELD.values() for value in values]),
    st.text(max_size=40),
    st.uuids().map(str),
    st.integers(1, 2**62).map(str),
)


@given(
    st.lists(
        st.tuples(st.integers(0, ENOUGH - 1), st.sampled_from(sorted(FIRST)), anything),
        min_size=1,
        max_size=3,
    )
)
def test_what_is_read_as_columns_the_models_read_alike(changes: list[tuple[int, str, Any]]) -> None:
    transfers = [dict(transfer) for transfer in PLAIN]
    for place, field, value in changes:
        transfers[place][field] = value
    columns = payment_columns({"transfers": transfers})
    if columns is None:
        return
    body = TransfersBody.model_validate({"transfers": one_by_one(transfers)})
    drafts = body.drafts(ENOUGH)
    assert not isinstance(drafts, PaymentColumns)
    read = TransfersBody.model_validate({"transfers": transfers})
    assert [transfer.draft() for transfer in read.each()] == drafts


def test_a_fault_is_told_as_the_models_tell_it() -> None:
    with pytest.raises(ValidationError) as caught:
        TransfersBody.model_validate({"transfers": [*PLAIN, FIRST | {"minor": "01"}]})
    (fault,) = caught.value.errors()
    assert fault["loc"] == ("transfers", ENOUGH, "minor")
