# pragma version ~=0.4.3
"""
@title A Wallet of One Owner
@license AGPL-3.0-only
@notice Says yes to what its owner signed (EIP-1271), whatever the form of v.
"""


_YES: constant(bytes4) = 0x1626ba7e


owner: public(address)


@deploy
def __init__(owner_: address):
    self.owner = owner_


@external
def hand_over(owner_: address):
    assert msg.sender == self.owner
    self.owner = owner_


@view
@external
def isValidSignature(digest: bytes32, signature: Bytes[8192]) -> bytes4:
    if len(signature) != 65:
        return empty(bytes4)
    r: bytes32 = convert(slice(signature, 0, 32), bytes32)
    s: bytes32 = convert(slice(signature, 32, 32), bytes32)
    v: uint256 = convert(slice(signature, 64, 1), uint256)
    if v < 27:
        v += 27
    signer: address = ecrecover(digest, v, r, s)
    if signer == empty(address) or signer != self.owner:
        return empty(bytes4)
    return _YES
