"""The token's contract: the code that the vault deploys."""

from chain.artifacts import artifact

NAME_CHARACTERS_MAX = 50


def creation_code(name: str, symbol: str, supply: int) -> bytes:
    """The token's creation code with its arguments; the name is cut to what the contract takes."""
    from eth_abi.abi import encode

    arguments = encode(["string", "string", "uint256"], [name[:NAME_CHARACTERS_MAX], symbol, supply])
    return bytes.fromhex(artifact("UnionToken").bytecode.removeprefix("0x")) + arguments
