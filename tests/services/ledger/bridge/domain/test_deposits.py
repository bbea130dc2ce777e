"""Whom a log credits, and that its identity does not move with its block."""

from dataclasses import replace
from uuid import UUID

import pytest

from services.ledger.bridge.domain.blocks import Block
from services.ledger.bridge.domain.deposits import Credit, DepositLog, RawDeposit, credit_of, numbered
from services.ledger.bridge.domain.states import Unclaimed
from services.ledger.bridge.domain.words import id_of_word, word_of
from services.ledger.domain.accounts import Account, AccountKind

ACCOUNT = Account(UUID(int=77), 1, AccountKind.MEMBER, "GLD", owner_id=UUID(int=5))
LOG = DepositLog("0xvault", "0xaa", 0, Block(9, "0x9"), "0xdepositor", word_of(ACCOUNT.id), 3 * 10**12)


def raw(transaction: str, block: int, index: int, vault: str = "0xvault") -> RawDeposit:
    return RawDeposit(vault, transaction, index, Block(block, f"0x{block}"), "0xd", b"", 1)


def test_a_log_credits_the_member_whose_account_it_names() -> None:
    assert credit_of(LOG, 6, ACCOUNT) == Credit(ACCOUNT.id, 3)


@pytest.mark.parametrize("kind", [kind for kind in AccountKind if kind is not AccountKind.MEMBER])
def test_only_a_members_account_is_credited(kind: AccountKind) -> None:
    assert credit_of(LOG, 6, replace(ACCOUNT, kind=kind)) == Credit(None, 3, Unclaimed.NAMES_NOBODY)


def test_what_names_nobody_or_another_account_credits_nobody() -> None:
    assert credit_of(LOG, 6, None).unclaimed is Unclaimed.NAMES_NOBODY
    assert credit_of(LOG, 6, replace(ACCOUNT, id=UUID(int=78))).unclaimed is Unclaimed.NAMES_NOBODY


def test_what_does_not_divide_credits_nobody_even_where_it_names_somebody() -> None:
    dust = replace(LOG, amount=LOG.amount + 1)
    assert credit_of(dust, 6, ACCOUNT) == Credit(None, None, Unclaimed.DOES_NOT_DIVIDE)


def test_the_identity_of_a_log_survives_another_block_and_another_place_in_it() -> None:
    before = numbered([raw("0xaa", 5, 0), raw("0xaa", 5, 2), raw("0xbb", 5, 3)])
    after = numbered([raw("0xbb", 6, 0), raw("0xaa", 7, 8), raw("0xaa", 7, 9)])
    assert [(log.transaction_hash, log.ordinal) for log in before] == [("0xaa", 0), ("0xaa", 1), ("0xbb", 0)]
    assert {(log.transaction_hash, log.ordinal) for log in after} == {
        (log.transaction_hash, log.ordinal) for log in before
    }


def test_the_vaults_of_one_transaction_count_for_themselves() -> None:
    logs = numbered([raw("0xaa", 5, 0, "0xone"), raw("0xaa", 5, 1, "0xother")])
    assert [log.ordinal for log in logs] == [0, 0]


@pytest.mark.parametrize("word", [bytes(32), b"\x01" + bytes(31), b"\xff" * 32, b"\x01"])
def test_a_word_that_is_no_id_names_nobody(word: bytes) -> None:
    assert id_of_word(word) is None
    assert id_of_word(word_of(ACCOUNT.id)) == ACCOUNT.id
