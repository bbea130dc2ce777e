# pragma version ~=0.4.3
"""
@title A Token That Answers What It Should Not
@license AGPL-3.0-only
"""


flag Answer:
    NOTHING
    SHORT_WORD
    LONG_WORD
    TWO_WORDS
    MEGABYTE
    REVERT
    INVALID
    BURN
    WRITE
    CALL_ITSELF
    NOW_AND_THEN


# @dev For so many blocks it answers that everybody has the most, for as many that nobody has anything.
_TURN_BLOCKS: constant(uint256) = 4

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
def balanceOf(holder: address) -> Bytes[1048576]:
    most: Bytes[32] = abi_encode(max_value(uint256))
    if answer == Answer.NOTHING:
        return b""
    if answer == Answer.SHORT_WORD:
        return slice(most, 0, 31)
    if answer == Answer.LONG_WORD:
        return concat(most, b"\x00")
    if answer == Answer.TWO_WORDS:
        return concat(most, most)
    if answer == Answer.MEGABYTE:
        return abi_encode(max_value(uint256), empty(uint256[32767]))
    if answer == Answer.REVERT:
        raw_revert(most)
    if answer == Answer.INVALID:
        raise UNREACHABLE
    if answer == Answer.BURN:
        for i: uint256 in range(max_value(uint256)):
            pass
    if answer == Answer.WRITE:
        self.written += 1
    if answer == Answer.CALL_ITSELF:
        raw_call(self, method_id("write()"))
    if answer == Answer.NOW_AND_THEN and (block.number // _TURN_BLOCKS) % 2 == 0:
        return abi_encode(empty(uint256))
    return most
