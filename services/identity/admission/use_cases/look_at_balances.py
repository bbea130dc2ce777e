"""What somebody holds of the tokens that a union's rule asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from chassis.contract_wallets import account_id
from chassis.unit_of_work import UnitOfWork
from services.identity.admission.domain.errors import BalanceNotAsked, NoWallet
from services.identity.admission.store.proofs import Proof, end_proofs, keep_proof
from services.identity.admission.token_node import Seen
from services.identity.admission.use_cases.find_candidate import candidate_of
from services.identity.admission.use_cases.present_credential import Presented
from services.identity.admission.use_cases.review_application import begin_if_admitted
from services.identity.domain.admission_rule import Way, parse_rule, ways_of
from services.identity.domain.attempt_limit import AttemptKind
from services.identity.settings import IdentitySettings
from services.identity.store.joining import JoiningScene
from services.identity.store.member_keys import OwnWallet, wallets_of
from services.identity.use_cases.limit_attempts import limit_attempts

RIGHT = "show_balance"


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """Ways by a token, and the addresses of the wallets that may hold it."""

    ways: Sequence[Way]
    wallets: Sequence[str]


async def balances_to_look_at(
    unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, union: str
) -> ToLookAt:
    """Counts the look. Raises UnionNotFound, UnionDissolved, AlreadyMember, MembershipBarred,
    BalanceNotAsked, NoWallet, AttemptLimitReached."""
    scene = await candidate_of(unit, union, member_id)
    ways = _by_token(scene)
    wallets = await wallets_of(unit, member_id)
    addresses = [
        address for one in wallets if (address := _address_on(one, settings.eth_chain_id)) is not None
    ]
    if not addresses:
        raise NoWallet
    await limit_attempts(unit, settings, AttemptKind.BALANCES_OF_MEMBER, str(member_id))
    return ToLookAt(ways, addresses)


async def keep_balances(
    unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, union: str, seen: Sequence[Seen]
) -> Presented:
    """What was seen is so for a time; what was not is so no more. Raises as `balances_to_look_at` does, but
    for wallets and attempts."""
    scene = await candidate_of(unit, union, member_id)
    asked = _by_token(scene)
    found = [one for one in seen if one.way in asked]
    until = unit.now + timedelta(seconds=settings.token_proof_seconds)
    await end_proofs(unit, scene.union.id, member_id, [way.text for way in asked])
    for one in found:
        proof = Proof(scene.union.id, member_id, one.way.text, until, block_number=one.block_number)
        await keep_proof(unit, proof)
    unit.record_act(
        RIGHT,
        f"unions/{scene.union.id}/admission-proofs/{member_id}",
        {"ways": len(found), "of": len(asked)},
        union_id=scene.union.id,
        charter_version=scene.union.charter_version,
    )
    begun = bool(found) and await begin_if_admitted(unit, settings, scene.union.id, member_id)
    return Presented(tuple(one.way.text for one in found), until if found else None, begun)


def _by_token(scene: JoiningScene) -> tuple[Way, ...]:
    ways = tuple(way for way in dict.fromkeys(ways_of(parse_rule(scene.admission))) if way.name == "token")
    if not ways:
        raise BalanceNotAsked(scene.admission)
    return ways


def _address_on(wallet: OwnWallet, chain_id: int) -> str | None:
    """A key's wallet is the same on every chain, a contract's is of one."""
    if wallet.address.startswith("0x"):
        return wallet.address
    address = wallet.address.rpartition(":")[2]
    return address if wallet.address == account_id(chain_id, address) else None
