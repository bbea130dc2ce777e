"""What each use of an operator's power has in common: its row, its line in the log, its notice."""

from uuid import UUID

from chassis.signatures import SignedAct
from chassis.unit_of_work import UnitOfWork
from services.identity.notices.use_cases.take_notices import tell_account, tell_member
from services.identity.operators.domain.act import ActState, OperatorAct
from services.identity.operators.store import acts
from services.identity.settings import IdentitySettings

SUBJECT = "operator-acts"


async def keep_act(
    unit: UnitOfWork, settings: IdentitySettings, act: OperatorAct, signed: SignedAct, kind: str
) -> OperatorAct:
    """The act as it is kept, told to whom it is about as `kind`."""
    await acts.add_act(unit, act, signed)
    log_act(unit, act, {"power": act.power.value, "until": act.until})
    await tell_concerned(unit, settings, act, kind, act.operator_id)
    kept = await acts.find_act(unit, act.id)
    assert kept is not None
    return kept


def log_act(unit: UnitOfWork, act: OperatorAct, changed: dict[str, object]) -> None:
    unit.record_act(
        "operator",
        f"{SUBJECT}/{act.id}",
        changed,
        union_id=act.union_id,
        on_behalf_of=None if act.member_id is None else f"member:{act.member_id}",
    )


async def tell_concerned(
    unit: UnitOfWork, settings: IdentitySettings, act: OperatorAct, kind: str, by: UUID
) -> None:
    """The member, or who holds the founder's office of the union."""
    if act.member_id is not None:
        await tell_account(unit, act.member_id, kind, SUBJECT, act.id, by)
        return
    assert act.union_id is not None
    assert act.head_id is not None
    await tell_member(
        unit,
        settings.notice_gather,
        union_id=act.union_id,
        member_id=act.head_id,
        kind=kind,
        subject=SUBJECT,
        subject_id=act.id,
        actor_id=by,
    )


def in_force(unit: UnitOfWork, act: OperatorAct) -> bool:
    return act.state_at(unit.now) is ActState.IN_FORCE
