# pragma version ~=0.4.3
"""
@title The Token of One Network Union
@custom:contract-name UnionToken
@license AGPL-3.0-only
@notice An ERC-20 with EIP-2612 permits and 18 decimals. The whole supply is minted once, to the contract
        that deploys it: the union's vault. Nobody owns the token and nobody can mint or burn.
"""


# @dev The interfaces that wallets look for.
from ethereum.ercs import IERC20
implements: IERC20


from ethereum.ercs import IERC20Detailed
implements: IERC20Detailed


from snekmate.tokens.interfaces import IERC20Permit
implements: IERC20Permit


# @dev The token stands on `erc20`, which asks for an owner; the constructor renounces the role.
from snekmate.auth import ownable
initializes: ownable


from snekmate.tokens import erc20
initializes: erc20[ownable := ownable]


# @dev Everything but minting, burning and ownership.
# @notice `name` and `symbol` are this contract's own, as those of `erc20` have at most 25 and 5 characters.
exports: (
    erc20.decimals,
    erc20.balanceOf,
    erc20.allowance,
    erc20.totalSupply,
    erc20.transfer,
    erc20.transferFrom,
    erc20.approve,
    erc20.permit,
    erc20.nonces,
    erc20.DOMAIN_SEPARATOR,
    erc20.eip712Domain,
)


# @dev The number of decimals of every union's token.
_DECIMALS: constant(uint8) = 18


# @dev Returns the name of the token, which is also that of its EIP-712 domain.
name: public(immutable(String[50]))


# @dev Returns the symbol of the token.
symbol: public(immutable(String[10]))


@deploy
def __init__(name_: String[50], symbol_: String[10], supply: uint256):
    """
    @dev Mints the supply to the deployer and gives up every role.
    @param name_ The name, at most 50 characters.
    @param symbol_ The symbol, at most 10 characters.
    @param supply The 32-byte token amount of the whole supply.
    """
    name = name_
    symbol = symbol_
    ownable.__init__()
    erc20.__init__("", "", _DECIMALS, name_, "1")
    erc20._mint(msg.sender, supply)
    erc20.is_minter[msg.sender] = False
    ownable._transfer_ownership(empty(address))
