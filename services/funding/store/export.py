"""What funding gives out of one member."""

from chassis.member_export.declaration import OWN_ACTS, MemberExport, queries

EXPORTED = MemberExport(
    parts=queries(
        """
projects: SELECT * FROM projects
    WHERE union_id IN (SELECT m.union_id FROM memberships m WHERE m.member_id = $1)
      AND owner_id = $1 ORDER BY union_id, project_id
pledges: SELECT * FROM pledges
    WHERE union_id IN (SELECT m.union_id FROM memberships m WHERE m.member_id = $1)
      AND backer_id = $1 ORDER BY union_id, pledge_id
"""  # noqa: S608 - of this file's own text
        + OWN_ACTS
    ),
    left_out={"unions": "a union's own", "memberships": "identity's, which gives them"},
)
