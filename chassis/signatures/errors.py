"""Why a signed act is refused: facts with what was found and what would be right."""

from datetime import datetime

from chassis.errors import DomainError


class ActRefused(DomainError):
    """The base of every refusal of a signed act."""


class ActUnsigned(ActRefused):
    """The request carries no signature."""


class ActMalformed(ActRefused):
    """The signature's fields cannot be read as the profile of a signed act."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class ActDigestWrong(ActRefused):
    """The body is not the one whose digest was signed."""

    def __init__(self, digest_of_body: str) -> None:
        super().__init__(digest_of_body)
        self.digest_of_body = digest_of_body


class ActKeyUnknown(ActRefused):
    """The signature names a device key that is not the caller's."""

    def __init__(self, device_key_id: str) -> None:
        super().__init__(device_key_id)
        self.device_key_id = device_key_id


class ActWalletUnknown(ActRefused):
    """A wallet was to sign in the place of a device key that none of a key has certified."""

    def __init__(self, device_key_id: str) -> None:
        super().__init__(device_key_id)
        self.device_key_id = device_key_id


class ActSignatureWrong(ActRefused):
    """The signature does not fit method, target, digest, key and parameters."""

    def __init__(self, target_uri: str) -> None:
        super().__init__(target_uri)
        self.target_uri = target_uri


class ActForAnotherTarget(ActRefused):
    """A true signature, made over another address than the public one."""

    def __init__(self, target_uri: str, signed_target_uri: str) -> None:
        super().__init__(target_uri, signed_target_uri)
        self.target_uri = target_uri
        self.signed_target_uri = signed_target_uri


class ActTooOld(ActRefused):
    """The signature was made longer ago than the limit."""

    def __init__(self, created: int, age_seconds_max: int, now: datetime) -> None:
        super().__init__(created)
        self.created = created
        self.age_seconds_max = age_seconds_max
        self.server_time = int(now.timestamp())


class ActFromTheFuture(ActRefused):
    """The signature says that it was made later than now, by more than clocks differ."""

    def __init__(self, created: int, ahead_seconds_max: int, now: datetime) -> None:
        super().__init__(created)
        self.created = created
        self.ahead_seconds_max = ahead_seconds_max
        self.server_time = int(now.timestamp())


class ActReplayed(ActRefused):
    """The device key has already signed a stored act with this nonce."""

    def __init__(self, device_key_id: str, nonce: str) -> None:
        super().__init__(device_key_id, nonce)
        self.device_key_id = device_key_id
        self.nonce = nonce
