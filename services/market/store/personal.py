"""What the market keeps of persons. What was agreed and delivered is both sides': its words stay."""

from chassis.erasure import CHASSIS_STAYS, Erasure, FileErasure, PersonalData

_IN_THEIR_UNIONS = "union_id IN (SELECT m.union_id FROM memberships m WHERE m.member_id = $1)"
_AGREED = "EXISTS (SELECT FROM agreements a WHERE (a.union_id, {key}) = ({here}))"
_UNAGREED_OFFER = "NOT " + _AGREED.format(key="a.offer_id", here="offers.union_id, offers.offer_id")
_UNAGREED_BID = "NOT " + _AGREED.format(key="a.agreement_id", here="bids.union_id, bids.bid_id")
_UNAGREED_PHOTO = "NOT " + _AGREED.format(key="a.offer_id", here="files.union_id, files.subject_id")

PERSONAL = PersonalData(
    erased=(
        Erasure(
            "signed_acts",
            "member_id = $1 AND method = 'POST' AND target_uri LIKE '%/bids' AND NOT EXISTS ("
            "SELECT FROM agreements a WHERE a.worker_id = $1 "
            "AND target_uri LIKE '%/offers/' || a.offer_id::text || '/bids')",
            {"body": "''::bytea"},
        ),
        FileErasure(
            "files", f"{_IN_THEIR_UNIONS} AND subject = 'offer' AND owner_id = $1 AND {_UNAGREED_PHOTO}"
        ),
        Erasure("bids", f"{_IN_THEIR_UNIONS} AND bidder_id = $1 AND {_UNAGREED_BID}", {"message": "''"}),
        Erasure(
            "offers",
            f"{_IN_THEIR_UNIONS} AND owner_id = $1 AND {_UNAGREED_OFFER}",
            {"title": "''", "description": "''"},
        ),
    ),
    stays={
        **CHASSIS_STAYS,
        "unions": "a union's own",
        "memberships": "ids, states and times",
        "offers": "amounts and states; the words of those that were agreed",
        "bids": "amounts and states; the words of those that were agreed",
        "agreements": "both sides': what was agreed, delivered and paid",
        "files": "of agreements, both sides'; of offers that were agreed",
        "file_contents": "swept once nothing refers to them",
    },
)
