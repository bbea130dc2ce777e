"""What a wallet signed, verified: by sign-in, for a further key, and by recoveries."""

from chassis.device_certificates import CertifiedDevice, DeviceCertificate
from chassis.siwe import SignInLimits
from chassis.unit_of_work import UnitOfWork
from services.identity.settings import IdentitySettings


def prove_wallet(
    unit: UnitOfWork, settings: IdentitySettings, *, message: str, signature: str, nonce: str
) -> CertifiedDevice:
    """The wallet and the device key that it certifies. Raises a SignInRefused of chassis.siwe."""
    return DeviceCertificate(message, signature).verify_sign_in(
        public_url=settings.public_url,
        chain_id=settings.chain_id,
        nonce=nonce,
        now=unit.now,
        limits=sign_in_limits(settings),
    )


def sign_in_limits(settings: IdentitySettings) -> SignInLimits:
    """How old a message may be here, and for how long it certifies a device key."""
    return SignInLimits(
        age_seconds=settings.sign_in_age_max_seconds,
        ahead_seconds=settings.sign_in_ahead_max_seconds,
        device_key_lifetime_seconds=settings.device_key_lifetime_seconds,
    )
