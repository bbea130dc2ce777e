"""What the graph gives out of one member: whom they back and who backs them, and when that changed."""

from chassis.member_export.declaration import OWN_ACTS, MemberExport, queries

EXPORTED = MemberExport(
    parts=queries(
        """
backlinks: SELECT union_id, supporter_id, leader_id, topic, version, since FROM backlinks
    WHERE union_id IN (SELECT m.union_id FROM memberships m WHERE m.member_id = $1)
      AND (supporter_id = $1 OR leader_id = $1) ORDER BY union_id, supporter_id, leader_id, topic
voices: SELECT union_id, member_id, topic, leader_id, version, since FROM voices
    WHERE union_id IN (SELECT m.union_id FROM memberships m WHERE m.member_id = $1)
      AND (member_id = $1 OR leader_id = $1) ORDER BY union_id, member_id, topic
backlink_proposals: SELECT union_id, supporter_id, leader_id, import_id, expires_at FROM backlink_proposals
    WHERE union_id IN (SELECT m.union_id FROM memberships m WHERE m.member_id = $1)
      AND supporter_id = $1 ORDER BY union_id, leader_id
graph_changes: SELECT union_id, version, recorded_at, kind, subject_id, object_id, topic, holds
    FROM graph_changes
    WHERE union_id IN (SELECT m.union_id FROM memberships m WHERE m.member_id = $1)
      AND subject_id = $1 ORDER BY union_id, version
"""  # noqa: S608 - of this file's own text
        + OWN_ACTS
    ),
    left_out={
        "unions": "a union's own",
        "memberships": "identity's, which gives them",
        "graph_heads": "a number, of nobody",
        "graph_members": "identity's, which gives them",
        "backlink_imports": "a founder's report: counts",
        "standing_epochs": "of nobody",
        "standing_chunks": "figures made of the backlinks; the union's pages explain one's own",
    },
)
