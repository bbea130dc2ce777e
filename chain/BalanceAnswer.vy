# pragma version ~=0.4.3
"""
@title What Somebody Holds of a Token
@custom:contract-name BalanceAnswer
@license AGPL-3.0-only
@notice Asks an ERC-20 or ERC-721 token for a balance. It is never deployed: a node runs the constructor in an
        `eth_call` without a recipient, which changes nothing, and answers the code that would have been deployed.
        Its last words are the immutables: the chain, the block, and what was found.
"""


# @dev The 4-byte selector of `balanceOf(address)`, the same one in ERC-20 and ERC-721.
_SELECTOR: constant(bytes4) = 0x70a08231


# @dev The gas that is kept back from what is called, so that there is always an answer.
_KEPT_BACK: constant(uint256) = 150_000


# @dev Returns the chain that the node ran this on.
chain_id: public(immutable(uint256))


# @dev Returns the block after whose transactions it was run.
block_number: public(immutable(uint256))


# @dev Returns the holding in the token's smallest unit; 0 where nothing that is one was answered.
held: public(immutable(uint256))


@deploy
def __init__(token: address, holder: address):
    """
    @dev Asks by a static call.
    @param token The 20-byte address of the token.
    @param holder The 20-byte address whose balance is asked for.
    """
    found: uint256 = 0
    done: bool = False
    answer: Bytes[33] = b""
    done, answer = raw_call(
        token,
        abi_encode(holder, method_id=_SELECTOR),
        max_outsize=33,
        gas=msg.gas - _KEPT_BACK,
        is_static_call=True,
        revert_on_failure=False,
    )
    if done and len(answer) == 32:
        found = convert(slice(answer, 0, 32), uint256)
    chain_id = chain.id
    block_number = block.number
    held = found
