# pragma version ~=0.4.3
"""
@title The Vault of One Network Union
@custom:contract-name Vault
@license AGPL-3.0-only
@notice Holds every token that is inside Guildhall. A deposit names the account that is credited inside; a
        withdrawal is paid by the operator alone, once.
"""


from ethereum.ercs import IERC20


# @dev What indexer, sender and audit know of a vault.
import IVault
implements: IVault


# @dev Returns the token that the vault holds.
token: public(immutable(address))


# @dev Returns the one address that may release. It cannot be changed.
operator: public(immutable(address))


# @dev Returns the token amount of one minor unit inside: what does not divide by it is not taken.
unit: public(immutable(uint256))


# @dev Returns whether a withdrawal was paid.
is_released: public(HashMap[bytes32, bool])


@deploy
def __init__(operator_: address, unit_: uint256, token_code: Bytes[16384]):
    """
    @dev Deploys the token, whose whole supply is minted to the vault: one transaction opens a bridge.
    @param operator_ The 20-byte address that may release.
    @param unit_ The 32-byte token amount of one minor unit.
    @param token_code The creation code of the token with its arguments.
    """
    assert operator_ != empty(address), "vault: operator is the zero address"
    assert unit_ != empty(uint256), "vault: unit is zero"
    operator = operator_
    unit = unit_
    token = raw_create(token_code)


@external
def deposit(amount: uint256, account: bytes32):
    """
    @dev Takes `amount` tokens of the caller, who has approved them.
    @notice What is not a whole number of units is refused, so that no part of a deposit is left uncredited.
    @param amount The 32-byte token amount.
    @param account The 32-byte reference of the account that is credited inside.
    """
    assert amount != empty(uint256), "vault: amount is zero"
    assert amount % unit == empty(uint256), "vault: amount is no whole number of units"
    log IVault.Deposit(depositor=msg.sender, account=account, amount=amount)
    assert extcall IERC20(token).transferFrom(msg.sender, self, amount), "vault: transfer failed"


@external
def release(withdrawal: bytes32, recipient: address, amount: uint256):
    """
    @dev Pays `amount` tokens, once for each `withdrawal`.
    @notice Only the operator. The vault and the token are no recipients: what they were paid would be lost.
    @param withdrawal The 32-byte identifier of the withdrawal.
    @param recipient The 20-byte address that is paid.
    @param amount The 32-byte token amount.
    """
    assert msg.sender == operator, "vault: caller is not the operator"
    assert amount != empty(uint256), "vault: amount is zero"
    assert recipient not in [self, token], "vault: recipient is the bridge itself"
    assert not self.is_released[withdrawal], "vault: withdrawal is paid already"
    self.is_released[withdrawal] = True
    log IVault.Release(withdrawal=withdrawal, recipient=recipient, amount=amount)
    assert extcall IERC20(token).transfer(recipient, amount), "vault: transfer failed"


@view
@external
def held() -> uint256:
    """
    @dev Returns the tokens that are inside Guildhall.
    @return uint256 The vault's own balance.
    """
    return staticcall IERC20(token).balanceOf(self)
