"""The facts that identity states when it refuses; `api/problems.py` gives each its status."""

from datetime import datetime

from chassis.errors import DomainError


class AddressLimitReached(DomainError):
    """Too many requests before sign-in from one address (or one /64 of IPv6)."""

    def __init__(self, limit: int, window_seconds: int, retry_after_seconds: int) -> None:
        super().__init__()
        self.limit = limit
        self.window_seconds = window_seconds
        self.retry_after_seconds = retry_after_seconds


class AttemptLimitReached(DomainError):
    """Too many attempts of one wallet, passkey, member or address in a window; `kind` says of what."""

    def __init__(self, kind: str, limit: int, window_seconds: int, retry_after_seconds: int) -> None:
        super().__init__()
        self.kind = kind
        self.limit = limit
        self.window_seconds = window_seconds
        self.retry_after_seconds = retry_after_seconds


class NonceNotUsable(DomainError):
    """The nonce is unknown, expired, used already or was issued to another browser."""


class DeviceKeyTaken(DomainError):
    """The device key is certified by another wallet: a device key speaks for one member."""

    def __init__(self, device_key_id: str) -> None:
        super().__init__()
        self.device_key_id = device_key_id


class DeviceKeyRevoked(DomainError):
    """The device key was revoked; the device must make a new one."""

    def __init__(self, device_key_id: str) -> None:
        super().__init__()
        self.device_key_id = device_key_id


class PasskeysUnavailable(DomainError):
    """No browser makes or asks a passkey at PUBLIC_URL; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class PasskeyTaken(DomainError):
    """The passkey was registered before."""


class PasskeyUnknown(DomainError):
    """No member signs in by this passkey, or it was removed."""


class PasskeyCounterBackwards(DomainError):
    """The passkey counts its signatures and counted no further: two authenticators have it."""

    def __init__(self, counted: int, seen: int) -> None:
        super().__init__()
        self.counted = counted
        self.seen = seen


class PasskeyNotFound(DomainError):
    """The member never had this passkey."""

    def __init__(self, passkey_id: str) -> None:
        super().__init__()
        self.passkey_id = passkey_id


class PasskeysPerMemberReached(DomainError):
    """A member has as many passkeys as one may have."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit


class LastKey(DomainError):
    """Without this key the member could not sign in any more."""


class KeyRemoved(DomainError):
    """The key was removed from its member: it never signs in again."""


class ExportUnderKey(DomainError):
    """An answer under an Idempotency-Key is kept, and this one has all that is known of a member in it."""


class ContractAskedUnderKey(DomainError):
    """A contract wallet is asked while no transaction is open, and an Idempotency-Key holds one."""


class KeyTaken(DomainError):
    """The wallet is or was a key of some member."""


class WalletNotFound(DomainError):
    """The member has no such wallet."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address


class WalletsPerMemberReached(DomainError):
    """A member has as many wallets as one may have."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit


class SessionNotFound(DomainError):
    """The member has no such session."""

    def __init__(self, session_id: str) -> None:
        super().__init__()
        self.session_id = session_id


class DeviceKeyNotFound(DomainError):
    """No device key has this id."""

    def __init__(self, device_key_id: str) -> None:
        super().__init__()
        self.device_key_id = device_key_id


class RefreshTokenMissing(DomainError):
    """Neither the cookie nor the body carries a refresh token."""


class RefreshTokenRefused(DomainError):
    """The refresh token is unknown, or its session has ended or expired."""


class RefreshTokenReused(DomainError):
    """A refresh token that has a used successor came again: its family is ended."""


class StreamTicketRefused(DomainError):
    """The ticket is unknown, used or expired, or its session is over."""


class OriginRefused(DomainError):
    """A page of another site asked for a member's session."""

    def __init__(self, expected: str) -> None:
        super().__init__()
        self.expected = expected


class SessionEnded(DomainError):
    """The session behind the token was ended or has expired."""


class ExchangeRefused(DomainError):
    """The token exchange was asked for something that it does not give; `ground` says why."""

    def __init__(self, ground: str) -> None:
        super().__init__()
        self.ground = ground


class ServiceOnly(DomainError):
    """Only services named here may ask this."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        super().__init__()
        self.allowed = list(allowed)


class MemberNotFound(DomainError):
    """Nobody has this id or handle."""

    def __init__(self, member: str) -> None:
        super().__init__()
        self.member = member


class HandleRefused(DomainError):
    """The handle breaks the rules of handles; `ground` says which."""

    def __init__(self, handle: str, ground: str) -> None:
        super().__init__()
        self.handle = handle
        self.ground = ground


class HandleTaken(DomainError):
    """The handle is, once was, or looks like another member's: which of these is not said."""

    def __init__(self, handle: str) -> None:
        super().__init__()
        self.handle = handle


class VersionRequired(DomainError):
    """What is edited needs If-Match with the ETag that was read."""


class VersionStale(DomainError):
    """Somebody changed it since it was read; `etag` is the present one."""

    def __init__(self, etag: str) -> None:
        super().__init__()
        self.etag = etag


class UnionNotFound(DomainError):
    """No union has this id or slug."""

    def __init__(self, union: str) -> None:
        super().__init__()
        self.union = union


class UnionDissolved(DomainError):
    """The union has ended: its last member left."""

    def __init__(self, union: str) -> None:
        super().__init__()
        self.union = union


class UnionNameRefused(DomainError):
    """The name has no letter or digit to call the union by."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class SlugRefused(DomainError):
    """The slug breaks the rules of slugs; `ground` says which."""

    def __init__(self, slug: str, ground: str) -> None:
        super().__init__()
        self.slug = slug
        self.ground = ground


class SlugTaken(DomainError):
    """Another union has this slug."""

    def __init__(self, slug: str) -> None:
        super().__init__()
        self.slug = slug


class UnionsPerFounderReached(DomainError):
    """The member has founded as many unions as one member may."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit


class ParameterRefused(DomainError):
    """A parameter of the charter is outside its limits; `expected` says what would be right."""

    def __init__(self, parameter: str, expected: str) -> None:
        super().__init__()
        self.parameter = parameter
        self.expected = expected


class ParameterFixed(DomainError):
    """Token and genesis are fixed when the union is founded: they are issued in that moment."""

    def __init__(self, parameter: str) -> None:
        super().__init__()
        self.parameter = parameter


class CharterNeedsDecision(DomainError):
    """The free time is over: from the tenth member on, a charter changes by a decision."""

    def __init__(self, members: int, free_below: int) -> None:
        super().__init__()
        self.members = members
        self.free_below = free_below


class CharterStale(DomainError):
    """The accepted charter is not the one in force."""

    def __init__(self, charter_version: int, charter_hash: str) -> None:
        super().__init__()
        self.charter_version = charter_version
        self.charter_hash = charter_hash


class CharterVersionNotFound(DomainError):
    """The charter has no such version."""

    def __init__(self, version: int) -> None:
        super().__init__()
        self.version = version


class FounderOnly(DomainError):
    """Only the union's founder may do this, or who else is named."""

    def __init__(self, act: str, who: str = "the founder") -> None:
        super().__init__()
        self.act = act
        self.who = who


class AlreadyMember(DomainError):
    """The member is in this union."""

    def __init__(self, joined_at: datetime) -> None:
        super().__init__()
        self.joined_at = joined_at.isoformat()


class NotAMember(DomainError):
    """The member is not, or no longer, in this union; `state` is that of their membership, or none."""

    def __init__(self, state: str = "none") -> None:
        super().__init__()
        self.state = state


class MembershipNotFound(DomainError):
    """The member has never been in this union."""


class MembershipBarred(DomainError):
    """A suspended or expelled member cannot come back by joining."""

    def __init__(self, state: str) -> None:
        super().__init__()
        self.state = state


class FounderCannotLeave(DomainError):
    """Others are there still: the founder is the last to leave."""

    def __init__(self, other_members: int) -> None:
        super().__init__()
        self.other_members = other_members


class InvitationRequired(DomainError):
    """The charter admits by invitation alone."""


class InvitationNotFound(DomainError):
    """No invitation of this union has this code."""


class InvitationExpired(DomainError):
    """The invitation was good until then."""

    def __init__(self, expired_at: datetime) -> None:
        super().__init__()
        self.expired_at = expired_at.isoformat()


class InvitationUsedUp(DomainError):
    """As many have joined by this invitation as it allows."""

    def __init__(self, uses_max: int) -> None:
        super().__init__()
        self.uses_max = uses_max


class InvitationLimit(DomainError):
    """A bound on invitations: how long, how many uses, how many at once."""

    def __init__(self, bound: str, limit: int) -> None:
        super().__init__()
        self.bound = bound
        self.limit = limit
