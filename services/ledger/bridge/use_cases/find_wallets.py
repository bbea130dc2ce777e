"""The wallets behind an act: those that certified its device key, by certificates verified here."""

from uuid import UUID

from chassis.device_certificates import DeviceCertificate
from chassis.peers import Peers
from chassis.signatures import SignedAct
from services.ledger.use_cases.verify_debit_act import ActChecks, device_at


async def find_wallets(peers: Peers, act: SignedAct, member_id: UUID, checks: ActChecks) -> frozenset[str]:
    """EIP-55 addresses; none where the key is unknown or another member's. Raises PeerUnavailable."""
    answer = await peers.call("identity", "GET", f"/internal/device-keys/{act.key_id}")
    if not answer.ok or UUID(answer.body["member_id"]) != member_id:
        return frozenset()
    certificates = [
        DeviceCertificate(sent["message"], sent["signature"]) for sent in answer.body["certificates"]
    ]
    devices = [device_at(certificate, act.created, checks) for certificate in certificates]
    return frozenset(
        device.wallet_address for device in devices if device is not None and device.key_id == act.key_id
    )
