"""What a call of the chain may end with besides an answer."""


class ChainUnavailable(Exception):
    """The node gave no answer that can be used: nothing is decided, and it is asked again."""


class CallReverted(Exception):
    """The contract would refuse this call, or did; `reason` is its own word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
