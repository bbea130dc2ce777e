"""What the market gives out of one member."""

from chassis.member_export.declaration import OWN_ACTS, MemberExport, queries

EXPORTED = MemberExport(
    parts=queries(
        """
offers: SELECT * FROM offers
    WHERE union_id IN (SELECT m.union_id FROM memberships m WHERE m.member_id = $1)
      AND owner_id = $1 ORDER BY union_id, offer_id
bids: SELECT * FROM bids
    WHERE union_id IN (SELECT m.union_id FROM memberships m WHERE m.member_id = $1)
      AND bidder_id = $1 ORDER BY union_id, bid_id
agreements: SELECT * FROM agreements
    WHERE union_id IN (SELECT m.union_id FROM memberships m WHERE m.member_id = $1)
      AND (employer_id = $1 OR worker_id = $1) ORDER BY union_id, agreement_id
files: SELECT union_id, subject, subject_id, encode(digest, 'hex') AS digest, name, made_at FROM files
    WHERE union_id IN (SELECT m.union_id FROM memberships m WHERE m.member_id = $1)
      AND owner_id = $1 ORDER BY union_id, file_id
"""  # noqa: S608 - of this file's own text
        + OWN_ACTS
    ),
    left_out={
        "unions": "a union's own",
        "memberships": "identity's, which gives them",
        "file_contents": "the files themselves, which their links give",
    },
)
