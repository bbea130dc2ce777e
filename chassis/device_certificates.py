"""A device key's certificate: the sign-in message that names the key, and the wallet's signature over it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.device_keys import device_key_id
from chassis.siwe import (
    SignInLimits,
    SiweFieldWrong,
    SiweMessage,
    SiweTimeWrong,
    WalletSignatureWrong,
    certified_key,
    check_fresh,
    check_origin,
    check_purpose,
    check_valid_at,
    parse_siwe_message,
    recover_wallet,
)

WALLET = "wallet"
"""The kind of who issues such a certificate: the key of a wallet, and not a contract."""
DEFAULT_LIMITS = SignInLimits()


@dataclass(frozen=True, slots=True)
class CertifiedDevice:
    """What a verified certificate says; `public_key` is the 32 bytes of the Ed25519 key."""

    key_id: str
    public_key: bytes
    wallet_address: str
    issued_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class DeviceCertificate:
    """An EIP-4361 message and the wallet's signature (0x and hex), as they were signed."""

    message: str
    signature: str

    def verify_sign_in(
        self,
        *,
        public_url: str,
        chain_id: int,
        nonce: str,
        now: datetime,
        limits: SignInLimits = DEFAULT_LIMITS,
    ) -> CertifiedDevice:
        """Verify at sign-in: it answers this nonce and was signed just now. Raises a SignInRefused."""
        return self._signed(
            self.read_sign_in(public_url=public_url, chain_id=chain_id, nonce=nonce, now=now, limits=limits)
        )

    def verify_at(
        self,
        moment: datetime,
        *,
        public_url: str,
        chain_id: int,
        limits: SignInLimits = DEFAULT_LIMITS,
    ) -> CertifiedDevice:
        """Verify later, without the nonce: it was in force when the key signed. Raises a SignInRefused."""
        return self._signed(self.read_at(moment, public_url=public_url, chain_id=chain_id, limits=limits))

    def read_sign_in(
        self,
        *,
        public_url: str,
        chain_id: int,
        nonce: str,
        now: datetime,
        limits: SignInLimits = DEFAULT_LIMITS,
    ) -> CertifiedDevice:
        """What it says at sign-in, by every rule but its signature. Raises a SignInRefused."""
        message = parse_siwe_message(self.message)
        check_fresh(message, nonce=nonce, now=now, limits=limits)
        return _read(message, public_url, chain_id, limits)

    def read_at(
        self,
        moment: datetime,
        *,
        public_url: str,
        chain_id: int,
        limits: SignInLimits = DEFAULT_LIMITS,
    ) -> CertifiedDevice:
        """What it says at a moment, by every rule but its signature. Raises a SignInRefused."""
        message = parse_siwe_message(self.message)
        check_valid_at(message, moment, limits)
        return _read(message, public_url, chain_id, limits)

    def check_key(self, address: str) -> None:
        """The key of the address has signed. Raises WalletSignatureMalformed, WalletSignatureWrong."""
        if recover_wallet(self.message, self.signature) != address:
            raise WalletSignatureWrong(address)

    def _signed(self, device: CertifiedDevice) -> CertifiedDevice:
        self.check_key(device.wallet_address)
        return device


def _read(message: SiweMessage, public_url: str, chain_id: int, limits: SignInLimits) -> CertifiedDevice:
    check_origin(message, public_url=public_url, chain_id=chain_id)
    check_purpose(message)
    public_key = certified_key(message)
    return CertifiedDevice(
        key_id=device_key_id(public_key),
        public_key=public_key,
        wallet_address=message.address,
        issued_at=message.issued_at,
        expires_at=_checked_expiry(message, limits),
    )


def _checked_expiry(message: SiweMessage, limits: SignInLimits) -> datetime:
    longest = timedelta(seconds=limits.device_key_lifetime_seconds)
    expected = f"at most {limits.device_key_lifetime_seconds} seconds after issued_at"
    if message.expiration_time is None:
        raise SiweFieldWrong("expiration_time", None, expected)
    if message.expiration_time <= message.issued_at:
        raise SiweTimeWrong("expiration_time", message.expiration_time, message.issued_at)
    if message.expiration_time > message.issued_at + longest:
        raise SiweFieldWrong("expiration_time", message.expiration_time.isoformat(), expected)
    return message.expiration_time
