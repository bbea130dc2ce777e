"""The token: its whole supply is the vault's at the deployment, and a permit stands for an approval."""

from typing import Any

import pytest
from eth_account import Account

from tests.chain.contracts import SUPPLY, compiler, deployed, source, token_code

EMPTY = f"0x{'0' * 40}"
FAR = 2**40


@pytest.fixture
def token() -> Any:
    _, token = deployed(compiler().env.generate_address("operator"))
    return token


def test_the_supply_is_minted_once_to_the_vault() -> None:
    vault, token = deployed(compiler().env.generate_address("operator"))
    assert token.totalSupply() == token.balanceOf(vault.address) == vault.held() == SUPPLY
    assert (token.name(), token.symbol(), token.decimals()) == ("weavers", "GOW", 18)
    assert vault.token() == token.address


def test_names_may_be_as_long_as_guildhalls() -> None:
    boa = compiler()
    code = token_code("w" * 50, "ABCDEFGHIJ")
    at, _ = boa.env.deploy_code(bytecode=code)
    named = source("UnionToken").at(at)
    assert (named.name(), named.symbol()) == ("w" * 50, "ABCDEFGHIJ")
    assert named.eip712Domain()[1] == "w" * 50


def _permit(token: Any, owner: Any, spender: str, value: int, *, nonce: int, deadline: int = FAR) -> Any:
    _, name, version, chain_id, contract, _, _ = token.eip712Domain()
    return owner.sign_typed_data(
        domain_data={
            "name": name,
            "version": version,
            "chainId": chain_id,
            "verifyingContract": contract,
        },
        message_types={
            "Permit": [
                {"name": "owner", "type": "address"},
                {"name": "spender", "type": "address"},
                {"name": "value", "type": "uint256"},
                {"name": "nonce", "type": "uint256"},
                {"name": "deadline", "type": "uint256"},
            ]
        },
        message_data={
            "owner": owner.address,
            "spender": spender,
            "value": value,
            "nonce": nonce,
            "deadline": deadline,
        },
    )


def test_a_permit_approves_once(token: Any) -> None:
    boa = compiler()
    owner = Account.from_key(b"\x07" * 32)
    spender = boa.env.generate_address("spender")
    signed = _permit(token, owner, spender, 5, nonce=0)
    r, s = signed.r.to_bytes(32), signed.s.to_bytes(32)
    token.permit(owner.address, spender, 5, FAR, signed.v, r, s)
    assert token.allowance(owner.address, spender) == 5
    with boa.reverts():
        token.permit(owner.address, spender, 5, FAR, signed.v, r, s)


def test_a_permit_of_another_amount_or_past_its_deadline_is_refused(token: Any) -> None:
    boa = compiler()
    owner = Account.from_key(b"\x07" * 32)
    spender = boa.env.generate_address("spender")
    signed = _permit(token, owner, spender, 5, nonce=0)
    with boa.reverts():
        token.permit(owner.address, spender, 6, FAR, signed.v, signed.r.to_bytes(32), signed.s.to_bytes(32))
    late = _permit(token, owner, spender, 5, nonce=0, deadline=1)
    with boa.reverts():
        token.permit(owner.address, spender, 5, 1, late.v, late.r.to_bytes(32), late.s.to_bytes(32))


def test_nobody_sends_to_the_zero_address_or_more_than_they_have(token: Any) -> None:
    boa = compiler()
    holder = boa.env.generate_address("holder")
    with boa.env.prank(holder), boa.reverts():
        token.transfer(boa.env.generate_address("other"), 1)
    with boa.reverts():
        token.transfer(EMPTY, 0)
