# pragma version ~=0.4.3
"""
@title A Factory of Wallets
@license AGPL-3.0-only
@notice Deploys by CREATE2, so that an address is known before anything is there.
"""


@external
def deploy(code: Bytes[8192], salt: bytes32) -> address:
    return raw_create(code, salt=salt)


@external
def burn():
    """
    @dev Takes all the gas that it is given.
    """
    for i: uint256 in range(max_value(uint256)):
        pass


@external
def do_nothing():
    pass
