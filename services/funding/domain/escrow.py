"""The escrow of a project: its account in the ledger, and where its project is read."""

from uuid import UUID

from chassis.ids import derived_id
from services.funding.domain.projects import resource

ESCROW_NAMESPACE = UUID("9b1f4a52-6c0e-5d3f-8a77-41c2d90be6f5")


def escrow_account_id(union_id: UUID, project_id: UUID) -> UUID:
    return derived_id(ESCROW_NAMESPACE, str(union_id), resource(project_id))


def project_path(union_id: UUID, project_id: UUID) -> str:
    return f"/v1/unions/{union_id}/projects/{project_id}"


def pledge_path(union_id: UUID, pledge_id: UUID) -> str:
    return f"/v1/unions/{union_id}/pledges/{pledge_id}"
