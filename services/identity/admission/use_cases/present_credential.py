"""Present a credential that the union's rule asks for."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.contract_wallets import account_id
from chassis.unit_of_work import UnitOfWork
from services.identity.admission.credentials import verified_credential
from services.identity.admission.domain.credential import Credential
from services.identity.admission.domain.errors import CredentialNotAsked, CredentialRefused
from services.identity.admission.store.proofs import Proof, keep_proof
from services.identity.admission.use_cases.find_candidate import candidate_of
from services.identity.admission.use_cases.review_application import begin_if_admitted
from services.identity.domain.admission_rule import Way, parse_rule, ways_of
from services.identity.settings import IdentitySettings
from services.identity.store.joining import JoiningScene
from services.identity.store.member_keys import wallets_of

RIGHT = "present_credential"
_WALLET = re.compile(r"did:pkh:eip155:([1-9][0-9]{0,15}):(0x[0-9a-fA-F]{40})")


@dataclass(frozen=True, slots=True)
class Presented:
    """The ways that are so by it, until when, and whether a membership began by it."""

    ways: tuple[str, ...]
    valid_until: datetime | None
    has_joined: bool


async def present_credential(
    unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, union: str, text: str, signed: str
) -> Presented:
    """`text` is not kept; `signed`: the digest of the act that brought it.

    Raises UnionNotFound, UnionDissolved, AlreadyMember, MembershipBarred, CredentialNotAsked,
    CredentialRefused, CredentialUsed.
    """
    scene = await candidate_of(unit, union, member_id)
    asked = [way for way in ways_of(parse_rule(scene.admission)) if way.name == "credential"]
    if not asked:
        raise CredentialNotAsked(scene.admission)
    verified = verified_credential(text)
    ways = _ways_by(asked, verified.credential, scene)
    verified.credential.require_valid(unit.now)
    await _require_own(unit, settings, member_id, verified.credential.subject)
    until = verified.credential.ends
    for way in ways:
        await keep_proof(unit, Proof(scene.union.id, member_id, way.text, until, digest=verified.digest))
    unit.record_act(
        RIGHT,
        f"unions/{scene.union.id}/admission-proofs/{member_id}",
        {"ways": len(ways), "content_digest": signed},
        union_id=scene.union.id,
        charter_version=scene.union.charter_version,
    )
    begun = await begin_if_admitted(unit, settings, scene.union.id, member_id)
    return Presented(tuple(way.text for way in ways), until, begun)


def _ways_by(asked: list[Way], credential: Credential, scene: JoiningScene) -> list[Way]:
    """Raises CredentialNotAsked."""
    ways = [
        way
        for way in dict.fromkeys(asked)
        if way.issuer == credential.issuer and way.credential_type in credential.types
    ]
    if not ways:
        raise CredentialNotAsked(scene.admission)
    return ways


async def _require_own(unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, subject: str) -> None:
    """About the member by their address here, or by a wallet that they sign in by: a key's on whatever chain,
    a contract's on its own. Raises CredentialRefused."""
    if subject == f"{settings.public_url}/v1/members/{member_id}":
        return
    wallet = _WALLET.fullmatch(subject)
    if wallet is not None:
        chain_id, address = int(wallet[1]), wallet[2].lower()
        own = {one.address for one in await wallets_of(unit, member_id)}
        if {address, account_id(chain_id, address)} & own:
            return
    raise CredentialRefused("it is not about you: neither your address here nor a wallet that you sign in by")
