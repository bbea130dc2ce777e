"""Verify acts that a service forwards: signature, certificate, union and debit block, by ourselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import ValidationError

from chassis.contract_wallets import (
    CONTRACT_WALLET,
    ContractWallets,
    ContractWalletsUnavailable,
    account_of,
    verify_contract_signature,
)
from chassis.device_certificates import WALLET, CertifiedDevice, DeviceCertificate
from chassis.device_keys import PublicKeyMalformed, device_key_id, read_public_key
from chassis.errors import DomainError
from chassis.membership import UnionView
from chassis.money import DebitBody
from chassis.passkeys import PASSKEY, PasskeyCertificate, PasskeyDevice
from chassis.peers import Peers
from chassis.signatures import ActKeyUnknown, ActLimits, ActRefused, ForwardedAct, SignedAct
from chassis.siwe import SignInLimits
from chassis.siwe.errors import SignInRefused
from chassis.unit_of_work import UnitOfWork
from services.ledger.domain.transfers import InvalidAct, SignedDebit
from services.ledger.store.device_keys import Certificate, PinnedKey, find_pinned_keys, pin_key
from services.ledger.use_cases.key_standing import KeyStanding


@dataclass(frozen=True, slots=True)
class ActChecks:
    """What this deployment asks of a forwarded act."""

    public_url: str
    chain_id: int
    act: ActLimits
    sign_in: SignInLimits
    standing: KeyStanding
    contract_wallets: ContractWallets


@dataclass(frozen=True, slots=True)
class VerifiedAct:
    """An act that held: what it lets a service take, and the act itself, to be stored with its answer."""

    debit: SignedDebit
    act: SignedAct


class DebitActs:
    """The acts of one request, verified before its first write: no connection waits for identity.

    The keys that identity certified meanwhile are kept by `pin`, in the request's transaction.
    """

    def __init__(self, unit: UnitOfWork, peers: Peers, union: UnionView, checks: ActChecks) -> None:
        self._unit = unit
        self._peers = peers
        self._union = union
        self._checks = checks
        self._certified: list[tuple[PinnedKey, Certificate]] = []

    async def verify(self, forwarded: ForwardedAct) -> VerifiedAct | InvalidAct:
        """What the act allows, or why it does not hold.

        Raises PeerUnavailable, NodeUnavailable: then nothing is decided.
        """
        try:
            act, key = await self._act_and_key(forwarded)
        except (ActRefused, SignInRefused, PublicKeyMalformed) as refusal:
            return InvalidAct(_told(refusal))
        if key is None:
            return InvalidAct("the device key has no certificate that covers the act")
        public_url, union = self._checks.public_url, self._union
        roots = tuple(f"{public_url}/v1/unions/{name}/" for name in (union.slug, union.id))
        if not act.target_uri.startswith(roots):
            return InvalidAct("the act was signed for another union")
        debit = _debit_block(act.body)
        if debit is None:
            return InvalidAct("the act's body has no debit block")
        return VerifiedAct(
            SignedDebit(
                device_key_id=key.key_id,
                nonce=act.nonce,
                member_id=key.member_id,
                asset=debit.asset,
                amount_minor=int(debit.minor),
                to=debit.to,
            ),
            act,
        )

    async def pin(self) -> None:
        """Keep what identity certified, so that it is asked once; another request may have done it."""
        for key, proof in self._certified:
            await pin_key(await self._unit.raw(), key, proof, self._unit.now)

    async def _act_and_key(self, forwarded: ForwardedAct) -> tuple[SignedAct, PinnedKey | None]:
        """The verified act and its key, pinned before or now; None when no certificate covers the act."""
        pinned = [key for key, _ in self._certified if key.key_id == forwarded.key_id]
        pinned += await find_pinned_keys(await self._unit.raw_reads(), forwarded.key_id)
        if pinned:
            act = self._verified(forwarded, pinned[0].public_key, [key.wallet_address for key in pinned])
            for key in pinned:
                if _covers(key, act, self._checks) and self._checks.standing.is_good(
                    key.key_id, key.pinned_at, act.created
                ):
                    return act, key
        return await self._verified_with_identity(forwarded)

    async def _verified_with_identity(self, forwarded: ForwardedAct) -> tuple[SignedAct, PinnedKey | None]:
        """Ask identity for the key and its certificates; the one that covers the act is verified."""
        key_id, asked_at = forwarded.key_id, self._unit.now
        answer = await self._peers.call("identity", "GET", f"/internal/device-keys/{key_id}")
        if not answer.ok:
            raise ActKeyUnknown(key_id)
        public_key = read_public_key(answer.body["public_key"])
        wallets = [sent["issuer"] for sent in answer.body["certificates"] if sent["issuer_kind"] == WALLET]
        act = self._verified(forwarded, public_key, wallets)
        revoked_at = answer.body["revoked_at"]
        if revoked_at is not None and datetime.fromisoformat(revoked_at) <= act.created:
            raise ActKeyUnknown(key_id)
        if revoked_at is None:
            self._checks.standing.confirm(key_id, asked_at)
        off: ContractWalletsUnavailable | None = None
        for sent in answer.body["certificates"]:
            try:
                device = await device_at(sent, act.created, self._checks)
            except ContractWalletsUnavailable as unavailable:
                off = unavailable
                continue
            if device is not None and device.key_id == key_id and _is_of(wallet_of(device), act):
                key = PinnedKey(
                    key_id=key_id,
                    member_id=UUID(answer.body["member_id"]),
                    public_key=public_key,
                    valid_from=device.issued_at,
                    valid_until=device.expires_at,
                    pinned_at=asked_at,
                    wallet_address=wallet_of(device),
                )
                self._certified.append((key, Certificate(sent["message"], sent["signature"])))
                return act, key
        if off is not None:
            raise off
        return act, None

    def _verified(
        self, forwarded: ForwardedAct, public_key: bytes, wallets: Sequence[str | None]
    ) -> SignedAct:
        """Raises a subclass of ActRefused; the key is the one that its thumbprint names, or none. `wallets`:
        those that have certified it, in whose certificate's time the act has to be besides."""
        key_id = forwarded.key_id
        true_key = device_key_id(public_key) == key_id
        return forwarded.verify(
            public_url=self._checks.public_url,
            public_key=lambda named: (
                Ed25519PublicKey.from_public_bytes(public_key) if true_key and named == key_id else None
            ),
            wallets=[address for address in wallets if address is not None],
            now=self._unit.now,
            limits=self._checks.act,
        )


async def device_at(
    sent: Mapping[str, Any], moment: datetime, checks: ActChecks
) -> CertifiedDevice | PasskeyDevice | None:
    """What a certificate, as identity tells it, said at a moment; None where it does not hold then.

    Of a contract wallet the node is asked. Raises ContractWalletsUnavailable, NodeUnavailable.
    """
    try:
        if sent["issuer_kind"] == PASSKEY:
            return _passkey_device_at(sent, moment, checks)
        certificate = DeviceCertificate(sent["message"], sent["signature"])
        if sent["issuer_kind"] == CONTRACT_WALLET:
            return await _contract_device_at(certificate, sent["issuer"], moment, checks)
        return certificate.verify_at(
            moment, public_url=checks.public_url, chain_id=checks.chain_id, limits=checks.sign_in
        )
    except ContractWalletsUnavailable:
        raise
    except SignInRefused:
        return None


async def _contract_device_at(
    certificate: DeviceCertificate, issuer: str, moment: datetime, checks: ActChecks
) -> CertifiedDevice | None:
    """The contract says yes now: what it would have said at that moment nobody can tell any more."""
    device = certificate.read_at(
        moment, public_url=checks.public_url, chain_id=checks.chain_id, limits=checks.sign_in
    )
    checks.contract_wallets.require()
    if account_of(device, checks.contract_wallets) != issuer:
        return None
    await verify_contract_signature(certificate, device, checks.contract_wallets)
    return device


def _passkey_device_at(sent: Mapping[str, Any], moment: datetime, checks: ActChecks) -> PasskeyDevice | None:
    """A passkey signs no time: its certificate holds from when identity took it."""
    certified_at = datetime.fromisoformat(sent["certified_at"])
    device = PasskeyCertificate(sent["message"], sent["signature"], certified_at).verify(
        public_url=checks.public_url, lifetime_seconds=checks.sign_in.device_key_lifetime_seconds
    )
    ahead = timedelta(seconds=checks.sign_in.ahead_seconds)
    if device.credential_id != sent["issuer"] or not device.issued_at - ahead <= moment < device.expires_at:
        return None
    return device


def wallet_of(device: CertifiedDevice | PasskeyDevice) -> str | None:
    """The wallet that certified the device, a key's or a contract's; None where a passkey did."""
    return device.wallet_address if isinstance(device, CertifiedDevice) else None


def _covers(key: PinnedKey, act: SignedAct, checks: ActChecks) -> bool:
    valid_from = key.valid_from - timedelta(seconds=checks.act.ahead_seconds)
    return valid_from <= act.created < key.valid_until and _is_of(key.wallet_address, act)


def _is_of(certifying_wallet: str | None, act: SignedAct) -> bool:
    """Who signs in a device's place has certified it."""
    return act.wallet_address is None or act.wallet_address == certifying_wallet


def _debit_block(body: bytes) -> DebitBody | None:
    try:
        content = orjson.loads(body)
        return DebitBody.model_validate(content["debit"])
    except (ValueError, KeyError, TypeError, ValidationError):
        return None


def _told(refusal: DomainError) -> str:
    parameters: Mapping[str, Any] = refusal.parameters()
    return f"{type(refusal).__name__} {orjson.dumps(parameters, default=str).decode()}"
