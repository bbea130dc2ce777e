"""The vault: who may do what, what is refused, and that tokens are neither made nor lost on the way."""

from typing import Any

import pytest
from hypothesis import settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.chain.contracts import SUPPLY, UNIT, compiler, deployed, reference

EMPTY = f"0x{'0' * 40}"


@pytest.fixture
def operator() -> str:
    return compiler().env.generate_address("operator")


@pytest.fixture
def bridge(operator: str) -> tuple[Any, Any]:
    return deployed(operator)


def _funded(bridge: tuple[Any, Any], operator: str, amount: int) -> str:
    """A depositor who was paid this amount, and lets the vault take it."""
    vault, token = bridge
    boa = compiler()
    depositor = boa.env.generate_address("depositor")
    with boa.env.prank(operator):
        vault.release(reference(1), depositor, amount)
    with boa.env.prank(depositor):
        token.approve(vault.address, amount)
    return depositor


def test_a_release_pays_and_says_so(bridge: tuple[Any, Any], operator: str) -> None:
    vault, token = bridge
    boa = compiler()
    recipient = boa.env.generate_address("recipient")
    with boa.env.prank(operator):
        vault.release(reference(7), recipient, 3 * UNIT)
    (said,) = [log for log in vault.get_logs() if type(log).__name__ == "Release"]
    assert (said.withdrawal, said.recipient, said.amount) == (reference(7), recipient, 3 * UNIT)
    assert token.balanceOf(recipient) == 3 * UNIT
    assert vault.held() == SUPPLY - 3 * UNIT
    assert vault.is_released(reference(7))


def test_a_deposit_is_taken_and_says_for_whom(bridge: tuple[Any, Any], operator: str) -> None:
    vault, token = bridge
    boa = compiler()
    depositor = _funded(bridge, operator, 5 * UNIT)
    with boa.env.prank(depositor):
        vault.deposit(2 * UNIT, reference(42))
    (said,) = [log for log in vault.get_logs() if type(log).__name__ == "Deposit"]
    assert (said.depositor, said.account, said.amount) == (depositor, reference(42), 2 * UNIT)
    assert token.balanceOf(depositor) == 3 * UNIT
    assert vault.held() == SUPPLY - 3 * UNIT


@pytest.mark.parametrize(
    ("amount", "why"),
    [
        (0, "vault: amount is zero"),
        (1, "vault: amount is no whole number of units"),
        (UNIT + 1, "vault: amount is no whole number of units"),
    ],
)
def test_a_deposit_that_does_not_divide_is_refused(
    bridge: tuple[Any, Any], operator: str, amount: int, why: str
) -> None:
    vault, _ = bridge
    boa = compiler()
    with boa.env.prank(_funded(bridge, operator, 5 * UNIT)), boa.reverts(why):
        vault.deposit(amount, reference(42))


def test_a_deposit_without_an_approval_is_refused(bridge: tuple[Any, Any], operator: str) -> None:
    vault, token = bridge
    boa = compiler()
    depositor = _funded(bridge, operator, 5 * UNIT)
    with boa.env.prank(depositor):
        token.approve(vault.address, UNIT)
        with boa.reverts():
            vault.deposit(2 * UNIT, reference(42))


def test_only_the_operator_releases(bridge: tuple[Any, Any]) -> None:
    vault, _ = bridge
    boa = compiler()
    depositor = boa.env.generate_address("depositor")
    with boa.env.prank(depositor), boa.reverts("vault: caller is not the operator"):
        vault.release(reference(1), depositor, UNIT)


def test_a_withdrawal_is_paid_once(bridge: tuple[Any, Any], operator: str) -> None:
    vault, _ = bridge
    boa = compiler()
    recipient = boa.env.generate_address("recipient")
    with boa.env.prank(operator):
        vault.release(reference(1), recipient, UNIT)
        with boa.reverts("vault: withdrawal is paid already"):
            vault.release(reference(1), recipient, UNIT)


def test_what_a_release_refuses(bridge: tuple[Any, Any], operator: str) -> None:
    vault, token = bridge
    boa = compiler()
    recipient = boa.env.generate_address("recipient")
    with boa.env.prank(operator):
        with boa.reverts("vault: amount is zero"):
            vault.release(reference(1), recipient, 0)
        for itself in (vault.address, token.address):
            with boa.reverts("vault: recipient is the bridge itself"):
                vault.release(reference(1), itself, UNIT)
        with boa.reverts():
            vault.release(reference(1), EMPTY, UNIT)
        with boa.reverts():
            vault.release(reference(1), recipient, SUPPLY + 1)
    assert not vault.is_released(reference(1))


def test_a_vault_without_operator_or_unit_is_not_deployed(operator: str) -> None:
    boa = compiler()
    with boa.reverts("vault: operator is the zero address"):
        deployed(EMPTY)
    with boa.reverts("vault: unit is zero"):
        deployed(operator, unit=0)


ids = strategies.integers(min_value=0, max_value=5)
people = strategies.integers(min_value=0, max_value=2)
amounts = strategies.integers(min_value=0, max_value=40).map(lambda units: units * UNIT)


class VaultMachine(RuleBasedStateMachine):
    """Deposits and releases in any order, allowed or not, against a count kept beside."""

    @initialize()
    def begin(self) -> None:
        self.boa = compiler()
        self.operator = self.boa.env.generate_address("operator")
        self.people = [self.boa.env.generate_address(f"depositor-{number}") for number in range(3)]
        self.vault, self.token = deployed(self.operator, supply=100 * UNIT)
        self.released: dict[int, int] = {}
        self.deposited = 0
        self.owned = [0, 0, 0]

    @rule(withdrawal=ids, person=people, amount=amounts)
    def release(self, withdrawal: int, person: int, amount: int) -> None:
        held = 100 * UNIT - sum(self.released.values()) + self.deposited
        allowed = amount > 0 and withdrawal not in self.released and amount <= held
        with self.boa.env.prank(self.operator):
            if not allowed:
                with self.boa.reverts():
                    self.vault.release(reference(withdrawal), self.people[person], amount)
                return
            self.vault.release(reference(withdrawal), self.people[person], amount)
        self.released[withdrawal] = amount
        self.owned[person] += amount

    @rule(withdrawal=ids, person=people, amount=amounts)
    def release_by_another(self, withdrawal: int, person: int, amount: int) -> None:
        with self.boa.env.prank(self.people[person]), self.boa.reverts():
            self.vault.release(reference(withdrawal), self.people[person], amount)

    @rule(person=people, amount=amounts, dust=strategies.sampled_from([0, 0, 1]))
    def deposit(self, person: int, amount: int, dust: int) -> None:
        with self.boa.env.prank(self.people[person]):
            self.token.approve(self.vault.address, amount + dust)
            if dust or not 0 < amount <= self.owned[person]:
                with self.boa.reverts():
                    self.vault.deposit(amount + dust, reference(person))
                return
            self.vault.deposit(amount, reference(person))
        self.deposited += amount
        self.owned[person] -= amount

    @rule(payer=people, payee=people, amount=amounts)
    def transfer(self, payer: int, payee: int, amount: int) -> None:
        with self.boa.env.prank(self.people[payer]):
            if amount > self.owned[payer]:
                with self.boa.reverts():
                    self.token.transfer(self.people[payee], amount)
                return
            self.token.transfer(self.people[payee], amount)
        self.owned[payer] -= amount
        self.owned[payee] += amount

    @invariant()
    def held_is_minted_less_released_and_deposited_again(self) -> None:
        assert self.vault.held() == 100 * UNIT - sum(self.released.values()) + self.deposited
        assert [self.token.balanceOf(person) for person in self.people] == self.owned
        assert self.token.totalSupply() == 100 * UNIT

    @invariant()
    def an_id_is_paid_when_it_was_released(self) -> None:
        assert {number for number in range(6) if self.vault.is_released(reference(number))} == set(
            self.released
        )


def test_tokens_are_neither_made_nor_lost_whatever_the_order() -> None:
    compiler()
    run_state_machine_as_test(
        VaultMachine, settings=settings(max_examples=15, stateful_step_count=20, deadline=None)
    )
