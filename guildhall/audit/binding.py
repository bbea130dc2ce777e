"""Nobody speaks for another: behind everything that binds a member stands an act that the member signed."""

from __future__ import annotations

from guildhall.audit.promises import Checked, House, Promise, none_of

_BINDING = (
    (
        "identity",
        "SELECT u.id AS union_id, u.founder_id FROM unions u WHERE NOT EXISTS (SELECT FROM signed_acts s "
        "WHERE s.member_id = u.founder_id AND s.method = 'POST' AND s.target_uri LIKE '%/v1/unions')",
        "a union that its founder did not sign",
    ),
    (
        "identity",
        "SELECT m.union_id, m.member_id FROM memberships m JOIN unions u ON u.id = m.union_id "
        "WHERE m.member_id <> u.founder_id AND NOT EXISTS ("
        "SELECT FROM signed_acts s WHERE s.member_id = m.member_id AND (s.target_uri LIKE '%/memberships' "
        # Who applies accepts the charter with that.
        "OR s.method = 'POST' AND s.target_uri LIKE '%/applications'))",
        "a membership that its member did not sign",
    ),
    (
        "graph",
        "SELECT c.union_id, c.version, c.subject_id AS supporter_id, c.object_id AS leader_id "
        "FROM graph_changes c WHERE c.kind = 2 AND c.holds AND NOT EXISTS ("
        "SELECT FROM signed_acts s WHERE s.member_id = c.subject_id AND ("
        "s.method = 'PUT' AND lower(s.target_uri) LIKE '%/backlinks/' || c.object_id::text || '%' "
        "OR s.target_uri LIKE '%/backlink-proposals/confirmation%'))",
        "a backlink that its supporter did not sign",
    ),
    (
        "graph",
        "SELECT c.union_id, c.version, c.subject_id AS member_id, c.object_id AS leader_id "
        "FROM graph_changes c WHERE c.kind = 3 AND c.holds AND NOT EXISTS ("
        "SELECT FROM signed_acts s WHERE s.member_id = c.subject_id AND s.method = 'PUT' "
        "AND s.target_uri LIKE '%/voice' "
        "AND position(convert_to(c.object_id::text, 'UTF8') IN s.body) > 0)",
        "a voice that its member did not sign",
    ),
    (
        "market",
        "SELECT a.union_id, a.agreement_id FROM agreements a WHERE NOT EXISTS (SELECT FROM signed_acts s "
        "WHERE s.member_id = a.employer_id "
        "AND s.target_uri LIKE '%/bids/' || a.agreement_id::text || '/acceptance')",
        "an agreement that its employer did not sign",
    ),
    (
        "market",
        "SELECT b.union_id, b.bid_id FROM bids b WHERE NOT EXISTS (SELECT FROM signed_acts s "
        "WHERE s.member_id = b.bidder_id "
        "AND s.target_uri LIKE '%/offers/' || b.offer_id::text || '/bids')",
        "a bid that its bidder did not sign",
    ),
    (
        "funding",
        "SELECT p.union_id, p.pledge_id FROM pledges p WHERE NOT EXISTS (SELECT FROM signed_acts s "
        "WHERE s.member_id = p.backer_id "
        "AND s.target_uri LIKE '%/projects/' || p.project_id::text || '/pledges')",
        "a pledge that its backer did not sign",
    ),
)


async def binding(house: House) -> Checked:
    """Nobody speaks for another: what binds a member rests on an act that the member signed."""
    checked = Checked()
    for table, database in (
        ("memberships", "identity"),
        ("bids", "market"),
        ("agreements", "market"),
        ("pledges", "funding"),
    ):
        checked.numbers[table] = await house.number(database, f"SELECT count(*) FROM {table}")  # noqa: S608
    for database, query, wrong in _BINDING:
        await none_of(house, checked, database, query, wrong)
    return checked


PROMISES = (Promise("identity", "identity.binding", "nobody speaks for another", binding),)
