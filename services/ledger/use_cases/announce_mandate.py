"""Tell of a mandate, and record in the act log that it was given or has ended."""

from chassis.membership import UnionView
from chassis.unit_of_work import UnitOfWork
from events.ledger import MandateState
from services.ledger.domain.mandates import MandateStanding
from services.ledger.store.mandates import MandateLine


def announce_mandate(
    unit: UnitOfWork, union: UnionView, line: MandateLine, standing: MandateStanding, version: int
) -> None:
    mandate = line.mandate
    unit.publish(
        MandateState(
            union_id=union.id,
            payer_id=line.payer_id,
            mandate_id=mandate.id,
            version=version,
            payee_id=line.payee_id,
            state=standing.value,
            asset=line.asset,
            cap_minor=mandate.cap_minor,
            renews_every_days=mandate.renews_every_days,
            expires_at=mandate.expires_at,
        )
    )
    unit.record_act(
        "give mandate" if standing is MandateStanding.ACTIVE else "revoke mandate",
        f"mandates/{mandate.id}",
        {"payee_id": line.payee_id, "cap_minor": str(mandate.cap_minor), "state": standing.value},
        union_id=union.id,
        charter_version=union.charter_version,
    )
