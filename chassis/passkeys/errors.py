"""Why a passkey's answer is refused."""

from chassis.siwe.errors import SignInRefused


class PasskeyMalformed(SignInRefused):
    """The credential is not what a browser makes of one; `what` says which part cannot be read."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class PasskeyWrong(SignInRefused):
    """The passkey answered something else than was asked: `field` is not what it has to be."""

    def __init__(self, field: str, expected: str) -> None:
        super().__init__(field, expected)
        self.field = field
        self.expected = expected


class PasskeySignatureWrong(SignInRefused):
    """The answer was not signed by the passkey that it names."""
