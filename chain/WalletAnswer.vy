# pragma version ~=0.4.3
"""
@title What a Contract Wallet Says of a Signature
@custom:contract-name WalletAnswer
@license AGPL-3.0-only
@notice Asks a wallet by EIP-1271, and one that is not there yet by EIP-6492. It is never deployed: a node runs
        the constructor in an `eth_call` without a recipient, which changes nothing, and answers the code that
        would have been deployed. Its last words are the immutables: what was found.
"""


# @dev The 4-byte selector of `isValidSignature(bytes32,bytes)`, which is what a wallet says for yes, too.
_SELECTOR: constant(bytes4) = 0x1626ba7e
_YES: constant(bytes32) = 0x1626ba7e00000000000000000000000000000000000000000000000000000000


# @dev The gas that is kept back from what is called, so that there is always an answer.
_KEPT_BACK: constant(uint256) = 150_000


# @dev Returns the chain that the node ran this on.
chain_id: public(immutable(uint256))


# @dev Returns 0 where no contract is at the address, 1 where it does not say yes, 2 where it does.
said: public(immutable(uint256))


@deploy
def __init__(
    wallet: address, digest: bytes32, signature: Bytes[8192], factory: address, factory_data: Bytes[8192]
):
    """
    @dev Asks. The factory is called only where no contract is at the address, so that nobody can prepare a
         wallet that is there; the wallet is asked by a static call.
    @param wallet The 20-byte address that is asked.
    @param digest The 32-byte hash that was signed.
    @param signature The signature as the wallet reads it.
    @param factory The 20-byte address that deploys the wallet; zero for none.
    @param factory_data What the factory is called with.
    """
    found: uint256 = 0
    done: bool = False
    answer: Bytes[33] = b""
    if factory != empty(address) and not wallet.is_contract:
        done = raw_call(factory, factory_data, gas=msg.gas // 2, revert_on_failure=False)
    if wallet.is_contract:
        found = 1
        done, answer = raw_call(
            wallet,
            abi_encode(digest, signature, method_id=_SELECTOR),
            max_outsize=33,
            gas=msg.gas - _KEPT_BACK,
            is_static_call=True,
            revert_on_failure=False,
        )
        if done and len(answer) == 32:
            if convert(slice(answer, 0, 32), bytes32) == _YES:
                found = 2
    chain_id = chain.id
    said = found
