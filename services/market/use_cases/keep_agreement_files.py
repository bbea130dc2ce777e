"""Files of an agreement: added by its parties, removed by who added them, told as a new version of it."""

from dataclasses import replace
from uuid import UUID

from chassis.files.errors import FileNotFound
from chassis.files.house import FileHouse, Received
from chassis.files.tables import StoredFile, Subject
from chassis.unit_of_work import UnitOfWork
from services.market.domain.agreements import Agreement, AgreementState
from services.market.domain.errors import AgreementNotInState
from services.market.use_cases.hold_agreement import hold_agreement_of_party
from services.market.use_cases.move_agreement import move_agreement

AGREEMENT = "agreement"
TAKES_FILES = (AgreementState.FUNDED, AgreementState.DELIVERED)
GIVES_FILES_BACK = (AgreementState.FUNDED,)


async def add_agreement_file(
    unit: UnitOfWork,
    files: FileHouse,
    subject: Subject,
    member_id: UUID,
    name: str,
    received: Received,
    most: int,
) -> tuple[StoredFile, bool]:
    """Raises AgreementNotFound, AgreementNotInState, and what FileHouse.add raises."""
    agreement, _ = await hold_agreement_of_party(unit, subject.union_id, subject.id, member_id)
    _require(agreement, TAKES_FILES)
    file, is_new = await files.add(unit, subject, member_id, name, received, most)
    if is_new:
        await _tell_agreement(unit, agreement)
        added = {"file": file.digest.hex()}
        unit.record_act("party", f"agreements/{subject.id}", added, union_id=subject.union_id)
    return file, is_new


async def remove_agreement_file(
    unit: UnitOfWork, files: FileHouse, subject: Subject, member_id: UUID, digest: bytes
) -> None:
    """Raises AgreementNotFound, AgreementNotInState, FileNotFound, FileOfAnother."""
    agreement, _ = await hold_agreement_of_party(unit, subject.union_id, subject.id, member_id)
    _require(agreement, GIVES_FILES_BACK)
    await files.remove(unit, subject, digest, member_id)
    await _tell_agreement(unit, agreement)
    removed = {"file_removed": digest.hex()}
    unit.record_act("party", f"agreements/{subject.id}", removed, union_id=subject.union_id)


async def require_files(unit: UnitOfWork, files: FileHouse, subject: Subject, digests: list[str]) -> None:
    """Raises FileNotFound for the first that is no file of the subject."""
    if digests:
        there = {file.digest.hex() for file in await files.files_of(unit, subject)}
        for digest in digests:
            if digest not in there:
                raise FileNotFound(digest)


async def _tell_agreement(unit: UnitOfWork, agreement: Agreement) -> None:
    await move_agreement(unit, agreement, replace(agreement, version=agreement.version + 1))


def _require(agreement: Agreement, needed: tuple[AgreementState, ...]) -> None:
    if agreement.state not in needed:
        raise AgreementNotInState(agreement.agreement_id, agreement.state, tuple(needed))
