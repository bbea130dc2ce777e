"""The wallets behind an act: those that certified its device key, by certificates verified here."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis.contract_wallets import ContractWalletsUnavailable
from chassis.device_certificates import CertifiedDevice
from chassis.passkeys import PasskeyDevice
from chassis.peers import Peers
from chassis.signatures import SignedAct
from services.ledger.use_cases.verify_debit_act import ActChecks, device_at, wallet_of


async def find_wallets(peers: Peers, act: SignedAct, member_id: UUID, checks: ActChecks) -> frozenset[str]:
    """EIP-55 addresses; none where the key is unknown or another member's.

    Raises PeerUnavailable, NodeUnavailable.
    """
    answer = await peers.call("identity", "GET", f"/internal/device-keys/{act.key_id}")
    if not answer.ok or UUID(answer.body["member_id"]) != member_id:
        return frozenset()
    devices = [await _device(sent, act, checks) for sent in answer.body["certificates"]]
    wallets = [wallet_of(device) for device in devices if device is not None and device.key_id == act.key_id]
    return frozenset(wallet for wallet in wallets if wallet is not None)


async def _device(
    sent: Mapping[str, Any], act: SignedAct, checks: ActChecks
) -> CertifiedDevice | PasskeyDevice | None:
    """None, too, for a contract wallet that this deployment cannot ask."""
    try:
        return await device_at(sent, act.created, checks)
    except ContractWalletsUnavailable:
        return None
