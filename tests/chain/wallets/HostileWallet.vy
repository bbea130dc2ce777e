# pragma version ~=0.4.3
"""
@title A Wallet That Answers What It Should Not
@license AGPL-3.0-only
"""


flag Answer:
    GARBAGE
    FOUR_BYTES
    TWO_WORDS
    PADDED
    NOTHING
    MEGABYTE
    REVERT
    BURN
    WRITE
    CALL_ITSELF
    YES_ON_ANOTHER_CHAIN


_YES: constant(Bytes[4]) = x"1626ba7e"


answer: immutable(Answer)
written: public(uint256)


@deploy
def __init__(answer_: Answer):
    answer = answer_


@external
def write():
    self.written += 1


@raw_return
@external
def isValidSignature(digest: bytes32, signature: Bytes[8192]) -> Bytes[1048576]:
    yes: Bytes[32] = concat(_YES, slice(abi_encode(empty(bytes32)), 0, 28))
    yes_word: bytes32 = convert(yes, bytes32)
    if answer == Answer.GARBAGE:
        return abi_encode(keccak256(signature))
    if answer == Answer.FOUR_BYTES:
        return _YES
    if answer == Answer.TWO_WORDS:
        return concat(yes, abi_encode(empty(bytes32)))
    if answer == Answer.PADDED:
        return concat(_YES, slice(abi_encode(digest), 0, 28))
    if answer == Answer.NOTHING:
        return b""
    if answer == Answer.MEGABYTE:
        return abi_encode(yes_word, empty(uint256[32767]))
    if answer == Answer.REVERT:
        raise "no"
    if answer == Answer.BURN:
        for i: uint256 in range(max_value(uint256)):
            pass
    if answer == Answer.WRITE:
        self.written += 1
    if answer == Answer.CALL_ITSELF:
        raw_call(self, method_id("write()"))
    if answer == Answer.YES_ON_ANOTHER_CHAIN and chain.id == 31337:
        return abi_encode(empty(bytes32))
    return yes
