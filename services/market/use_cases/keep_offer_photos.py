"""Photos of an offer: added and removed by its owner, told as a new version of it."""

from dataclasses import replace
from uuid import UUID

from chassis.files.house import FileHouse, Received
from chassis.files.tables import StoredFile, Subject
from chassis.unit_of_work import UnitOfWork
from services.market.domain.errors import NotOfferOwner, OfferNotFound
from services.market.domain.offers import Offer
from services.market.store.offers import lock_offer, save_offer
from services.market.use_cases.publish_offer import publish_offer

OFFER = "offer"


async def add_offer_photo(
    unit: UnitOfWork,
    files: FileHouse,
    subject: Subject,
    member_id: UUID,
    name: str,
    received: Received,
    most: int,
) -> tuple[StoredFile, bool]:
    """Raises OfferNotFound, NotOfferOwner, and what FileHouse.add raises."""
    offer = await _hold_own_offer(unit, subject, member_id)
    photo, is_new = await files.add(unit, subject, member_id, name, received, most)
    if is_new:
        await _tell_offer(unit, offer)
        unit.record_act(
            "offer_owner",
            f"offers/{subject.id}",
            {"photo": photo.digest.hex()},
            union_id=subject.union_id,
        )
    return photo, is_new


async def remove_offer_photo(
    unit: UnitOfWork, files: FileHouse, subject: Subject, member_id: UUID, digest: bytes
) -> None:
    """Raises OfferNotFound, NotOfferOwner, FileNotFound."""
    offer = await _hold_own_offer(unit, subject, member_id)
    await files.remove(unit, subject, digest, member_id)
    await _tell_offer(unit, offer)
    removed = {"photo_removed": digest.hex()}
    unit.record_act("offer_owner", f"offers/{subject.id}", removed, union_id=subject.union_id)


async def _hold_own_offer(unit: UnitOfWork, subject: Subject, member_id: UUID) -> Offer:
    offer = await lock_offer(unit, subject.union_id, subject.id)
    if offer is None:
        raise OfferNotFound(subject.id)
    if offer.owner_id != member_id:
        raise NotOfferOwner(subject.id)
    return offer


async def _tell_offer(unit: UnitOfWork, offer: Offer) -> None:
    after = replace(offer, version=offer.version + 1)
    await save_offer(unit, after)
    publish_offer(unit, after)
