"""Sign in with a contract wallet, in three steps: between the first and the last the node is asked."""

from chassis.contract_wallets import CONTRACT_WALLET, ContractWallets, account_of
from chassis.device_certificates import CertifiedDevice, DeviceCertificate
from chassis.siwe import parse_siwe_message
from chassis.unit_of_work import UnitOfWork
from services.identity.domain.attempt_limit import AttemptKind
from services.identity.settings import IdentitySettings
from services.identity.use_cases.issue_nonce import RandomBytes, use_up_nonce, use_up_nonce_of_act
from services.identity.use_cases.limit_attempts import limit_attempts
from services.identity.use_cases.open_session import Certified, OpenSession, open_session
from services.identity.use_cases.prove_wallet import sign_in_limits
from services.identity.use_cases.sign_in import holder_of


async def take_contract_sign_in(
    unit: UnitOfWork,
    settings: IdentitySettings,
    wallets: ContractWallets,
    certificate: DeviceCertificate,
    browser: str | None,
    *,
    by_act: bool,
) -> CertifiedDevice:
    """What the message says, before the node is asked; it is asked for no message that would be refused.

    The nonce is used up before anything is verified: the caller commits a refusal too. Raises a
    SignInRefused, NonceNotUsable.
    """
    nonce = parse_siwe_message(certificate.message).nonce
    if by_act:
        await use_up_nonce_of_act(unit, nonce)
    else:
        await use_up_nonce(unit, nonce, browser)
    device = certificate.read_sign_in(
        public_url=settings.public_url,
        chain_id=settings.chain_id,
        nonce=nonce,
        now=unit.now,
        limits=sign_in_limits(settings),
    )
    wallets.require()
    return device


async def sign_in_by_contract(
    unit: UnitOfWork,
    settings: IdentitySettings,
    random_bytes: RandomBytes,
    wallets: ContractWallets,
    certificate: DeviceCertificate,
    device: CertifiedDevice,
    address: str | None,
) -> OpenSession:
    """Begin a session, once the wallet has said yes; one seen for the first time is a new member.

    Raises KeyRemoved, AccountLocked, KeyAwaitsRecovery, DeviceKeyTaken, DeviceKeyRevoked,
    AttemptLimitReached.
    """
    account = account_of(device, wallets)
    await limit_attempts(unit, settings, AttemptKind.SIGN_IN_OF_WALLET, account)
    holder = await holder_of(unit, settings, (CONTRACT_WALLET, account), device, address)
    return await open_session(
        unit,
        settings,
        random_bytes,
        holder,
        Certified(
            device_key_id=device.key_id,
            public_key=device.public_key,
            kind=CONTRACT_WALLET,
            issuer=account,
            key_identifier=account,
            message=certificate.message,
            signature=certificate.signature,
            expires_at=device.expires_at,
        ),
    )
