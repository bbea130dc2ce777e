"""A body of many plain payments, read column by column: models would cost more than posting them.

What is read here is what the models would take; whatever is not plain, or wrong, is left to them.
"""

from __future__ import annotations

import re
from operator import itemgetter
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, Field, ValidationError

from chassis.money import MINOR_MAX, AssetSymbol
from services.ledger.api.fields import AccountReference, Memo
from services.ledger.domain.payment_arrays import PaymentColumns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

READ_FROM_TRANSFERS = 64
"""So many payments are cheaper as columns."""

_FIELDS = ("id", "debit_account", "credit_account", "asset", "minor", "code")
_VALUES_OF = itemgetter(*_FIELDS)
_LINKED, _MEMO = "linked", "memo"
_MINORS = re.compile(r"(?:[1-9][0-9]{0,18},)+")
_ID_CHARACTERS = 36
_HYPHENS = [8, 13, 18, 23]
_DIGITS = [place for place in range(_ID_CHARACTERS) if place not in _HYPHENS]
_NO_DIGIT = 255
_NIBBLES = np.full(256, _NO_DIGIT, np.uint8)
_NIBBLES[list(b"0123456789abcdef")] = range(16)


_One = Field(max_length=1)


class _Common(BaseModel):
    """What the payments have in common, and the different ones of what they have not."""

    debit_accounts: Annotated[set[AccountReference], _One]
    credit_accounts: list[AccountReference]
    assets: Annotated[set[AssetSymbol], _One]
    codes: Annotated[set[Literal["pay"]], _One]
    memos: set[Memo | None]


def payment_columns(content: Any) -> PaymentColumns | None:
    """The payments of a request's JSON; None where they are few, of several accounts, or not plain."""
    columns = _columns_of(content)
    if columns is None:
        return None
    ids, debit_accounts, credit_accounts, assets, minors, codes = columns
    linked, memos = _options_of(content["transfers"])
    try:
        payees = {reference: place for place, reference in enumerate(dict.fromkeys(credit_accounts))}
        _Common.model_validate(
            {
                "debit_accounts": set(debit_accounts),
                "credit_accounts": list(payees),
                "assets": set(assets),
                "codes": set(codes),
                "memos": set(memos),
            }
        )
    except (TypeError, ValidationError):  # a value that is no text, or not such a text
        return None
    if set(map(type, linked)) != {bool} or linked[-1]:
        return None
    id_bytes, amounts = _id_bytes(ids), _amounts(minors)
    if id_bytes is None or amounts is None:
        return None
    places = np.fromiter(map(payees.__getitem__, credit_accounts), np.intp, len(ids))
    are_linked = np.array(linked, np.bool_)
    return PaymentColumns(
        ids, id_bytes, debit_accounts[0], list(payees), places, assets[0], amounts, are_linked, memos
    )


def _columns_of(content: Any) -> tuple[Sequence[Any], ...] | None:
    """The values of each of _FIELDS; None unless each transfer has these, a memo and a link at most."""
    if not isinstance(content, dict) or list(content) != ["transfers"]:
        return None
    transfers = content["transfers"]
    if not isinstance(transfers, list) or len(transfers) < READ_FROM_TRANSFERS:
        return None
    try:
        columns = tuple(zip(*map(_VALUES_OF, transfers), strict=True))
    except (TypeError, KeyError):  # one that is no object, or lacks a field
        return None
    least = len(_FIELDS)
    if set(map(len, transfers)) != {least} and any(
        len(transfer) != least + (_LINKED in transfer) + (_MEMO in transfer) for transfer in transfers
    ):
        return None
    return columns


def _options_of(transfers: Sequence[Mapping[str, Any]]) -> tuple[Sequence[Any], Sequence[Any]]:
    """What is said of links and memos; of the latter nothing where there is none."""
    if max(map(len, transfers)) == len(_FIELDS):
        return [False] * len(transfers), ()
    memos = [transfer.get(_MEMO) for transfer in transfers]
    linked = [transfer.get(_LINKED, False) for transfer in transfers]
    return linked, () if all(memo is None for memo in memos) else memos


def _id_bytes(ids: Sequence[Any]) -> bytes | None:
    """16 of each; None unless all are different UUIDs as they are usually written."""
    if set(map(type, ids)) != {str}:
        return None
    if set(map(len, ids)) != {_ID_CHARACTERS} or len(set(ids)) != len(ids):
        return None
    joined = "".join(ids)
    if not joined.isascii():
        return None
    characters = np.frombuffer(joined.encode(), np.uint8).reshape(-1, _ID_CHARACTERS)
    nibbles = _NIBBLES[characters[:, _DIGITS]]
    if (characters[:, _HYPHENS] != ord("-")).any() or (nibbles == _NO_DIGIT).any():
        return None
    return (nibbles[:, ::2] << 4 | nibbles[:, 1::2]).tobytes()


def _amounts(minors: Sequence[Any]) -> NDArray[np.int64] | None:
    """None unless all are written as amounts, from 1, and are at most 2^62 together."""
    if set(map(type, minors)) != {str}:
        return None
    joined = ",".join(minors) + ","
    # A comma within an amount would be one too many.
    if joined.count(",") != len(minors) or _MINORS.fullmatch(joined) is None:
        return None
    amounts = list(map(int, minors))
    return np.array(amounts, np.int64) if sum(amounts) <= MINOR_MAX else None
