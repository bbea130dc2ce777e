"""What identity keeps of a member, table by table: the rows of an export, without secrets and hashes."""

from collections.abc import Mapping

from chassis.member_export.declaration import queries

_QUERIES = """
members: SELECT id, handle, name, bio, links, encode(avatar, 'hex') AS avatar, privacy, version, created_at
    FROM members WHERE id = $1
handles: SELECT handle, taken_at FROM handles WHERE member_id = $1 ORDER BY taken_at, handle
member_skills: SELECT skill FROM member_skills WHERE member_id = $1 ORDER BY skill
encryption_keys: SELECT version, encode(public_key, 'base64') AS public_key, device_key_id, nonce, set_at
    FROM encryption_keys WHERE member_id = $1 ORDER BY version
files: SELECT subject, encode(digest, 'hex') AS digest, made_at
    FROM files WHERE union_id = $1 AND owner_id = $1 ORDER BY file_id
member_keys: SELECT kind, identifier, name, added_at, removed_at
    FROM member_keys WHERE member_id = $1 ORDER BY added_at, kind, identifier
passkeys: SELECT id, credential_id, encode(public_key, 'base64') AS public_key, sign_count, backed_up, name,
    added_at, used_at FROM passkeys WHERE member_id = $1 ORDER BY id
account_deletions: SELECT number, state, asked_at, due_at, ended_at
    FROM account_deletions WHERE member_id = $1 ORDER BY number
device_keys: SELECT id, name, kind, encode(public_key, 'base64') AS public_key, certified_at, revoked_at
    FROM device_keys WHERE member_id = $1 ORDER BY certified_at, id
device_certificates: SELECT c.device_key_id, c.session_id, c.issuer_kind, c.issuer, c.message, c.signature,
    c.certified_at FROM device_certificates c JOIN device_keys d ON d.id = c.device_key_id
    WHERE d.member_id = $1 ORDER BY c.certified_at, c.session_id
sessions: SELECT id, device_key_id, created_at, expires_at, ended_at, ended_because
    FROM sessions WHERE member_id = $1 ORDER BY id
memberships: SELECT m.union_id, u.slug, u.name, m.version, m.state, m.role, m.charter_version,
    m.by_founder_invitation, m.invitation_id, m.first_joined_at, m.joined_at, m.changed_at
    FROM memberships m JOIN unions u ON u.id = m.union_id WHERE m.member_id = $1 ORDER BY m.union_id
unions: SELECT id, slug, name, state, founded_at FROM unions WHERE founder_id = $1 ORDER BY id
invitations: SELECT i.union_id, i.id, i.uses_max, i.uses_count, i.created_at, i.expires_at
    FROM invitations i JOIN memberships m ON (m.union_id, m.member_id) = (i.union_id, i.invited_by)
    WHERE m.member_id = $1 ORDER BY i.union_id, i.id
guardian_sets: SELECT version, threshold, named_at, holds_from, withdrawn_at
    FROM guardian_sets WHERE member_id = $1 ORDER BY version
guardians: SELECT member_id, version, guardian_id, resigned_at
    FROM guardians WHERE member_id = $1 OR guardian_id = $1 ORDER BY member_id, version, guardian_id
recovery_codes: SELECT made_at, used_at FROM recovery_codes WHERE member_id = $1 ORDER BY made_at
recoveries: SELECT id, way, state, round, threshold, guardians_count, asked_at, expires_at, waits_until,
    greeting, key_kind, key_identifier FROM recoveries WHERE member_id = $1 ORDER BY id
recovery_votes: SELECT v.recovery_id, v.round, v.approves, v.voted_at
    FROM recovery_votes v JOIN recoveries r ON r.id = v.recovery_id
    WHERE v.guardian_id = $1 AND r.member_id IN (SELECT member_id FROM guardians WHERE guardian_id = $1)
    ORDER BY v.recovery_id, v.round
notice_choices: SELECT version, language, zone, quiet_from, quiet_until, digest_at
    FROM notice_choices WHERE member_id = $1
notice_addresses: SELECT id, kind, target, device_key_id, named_at, confirmed_at, told_at, fault
    FROM notice_addresses WHERE member_id = $1 ORDER BY id
notices: SELECT notice_id, union_id, kind, subject, subject_id, actor_id, happened_count, made_at, read_at
    FROM notices WHERE member_id = $1 ORDER BY notice_id
charter_acceptances: SELECT union_id, membership_version, charter_version, charter_hash, way, accepted_at
    FROM charter_acceptances WHERE member_id = $1 ORDER BY union_id, membership_version
office_holdings: SELECT union_id, id, office_id, begins_at, until, ended_at, why
    FROM office_holdings WHERE member_id = $1 ORDER BY union_id, id
office_grants: SELECT union_id, version, grants FROM office_grants WHERE member_id = $1 ORDER BY union_id
suspensions: SELECT union_id, id, ground, began_at, ends_at, lifted_at
    FROM suspensions WHERE member_id = $1 ORDER BY union_id, id
expulsions: SELECT union_id, id, ground, proposed_at, hearing_until, state, statement, reasons, decided_at,
    appeal_until, appeal, appeal_reasons, appeal_decided_at
    FROM expulsions WHERE member_id = $1 ORDER BY union_id, id
operator_changes: SELECT number, is_operator, because, changed_at
    FROM operator_changes WHERE member_id = $1 ORDER BY number
operator_acts: SELECT id, power, operator_id = $1 AS by_me, member_id = $1 AS about_me, union_id,
    encode(picture, 'hex') AS picture, ground, made_at, until
    FROM operator_acts WHERE member_id = $1 OR operator_id = $1 ORDER BY id
operator_appeals: SELECT act_id, words, appealed_at, decide_by
    FROM operator_appeals WHERE member_id = $1 ORDER BY act_id
operator_rulings: SELECT r.act_id, r.kind, r.operator_id = $1 AS by_me, r.reasons, r.ruled_at
    FROM operator_rulings r JOIN operator_acts a ON a.id = r.act_id
    WHERE a.member_id = $1 OR r.operator_id = $1 ORDER BY r.act_id, r.kind
applications: SELECT union_id, id, state, answers, charter_version, charter_hash, applied_at, decided_at,
    ground, appeal, appealed_at, waiting_since, joined_at
    FROM applications WHERE applicant_id = $1 ORDER BY union_id, id
vouches: SELECT union_id, vouched_id = $1 AS for_me, vouched_at, withdrawn_at, joined_at
    FROM vouches WHERE voucher_id = $1 OR vouched_id = $1 ORDER BY union_id, vouched_at
admission_proofs: SELECT union_id, way, proven_at, valid_until, block_number
    FROM admission_proofs WHERE member_id = $1 ORDER BY union_id, way
growth_targets: SELECT union_id, id, members, due_on, set_at, began_count, state, ended_at, ended_count
    FROM growth_targets WHERE set_by = $1 ORDER BY union_id, id
invitation_lists: SELECT union_id, id, format, rows_max, made_count, refused_count, created_at, expires_at
    FROM invitation_lists WHERE made_by = $1 ORDER BY union_id, id
invitees: SELECT union_id, list_id, line, opened_at, joined_at
    FROM invitees WHERE member_id = $1 ORDER BY union_id, list_id, line
heirs: SELECT union_id, named_at, agreed_at, claimed_at, due_at
    FROM heirs WHERE member_id = $1 ORDER BY union_id
successions: SELECT union_id, id, from_id = $1 AS from_me, way, passed_at
    FROM successions WHERE from_id = $1 OR to_id = $1 ORDER BY union_id, id
business_shares: SELECT union_id, business_id, shares
    FROM business_shares s JOIN memberships m USING (union_id, member_id)
    WHERE m.member_id = $1 ORDER BY union_id, business_id
business_share_changes: SELECT c.union_id, c.business_id, c.id, c.from_id = $1 AS from_me,
    c.to_id = $1 AS to_me, c.shares, c.way, c.made_at FROM business_share_changes c
    WHERE c.union_id IN (SELECT union_id FROM memberships WHERE member_id = $1)
      AND (c.from_id = $1 OR c.to_id = $1) ORDER BY c.union_id, c.business_id, c.id
business_posts: SELECT p.union_id, p.business_id, p.id, p.kind, p.rights, p.begins_at, p.until,
    p.ended_at, p.why FROM business_posts p JOIN memberships m USING (union_id, member_id)
    WHERE m.member_id = $1 ORDER BY p.union_id, p.business_id, p.id
business_resolutions: SELECT r.union_id, r.business_id, r.id, r.kind, r.term_seconds, r.proposed_at,
    r.expires_at, r.passed_at FROM business_resolutions r
    JOIN memberships m ON (m.union_id, m.member_id) = (r.union_id, r.proposed_by)
    WHERE m.member_id = $1 ORDER BY r.union_id, r.business_id, r.id
business_approvals: SELECT a.union_id, a.business_id, a.resolution_id, a.shares, a.approved_at
    FROM business_approvals a JOIN memberships m USING (union_id, member_id)
    WHERE m.member_id = $1 ORDER BY a.union_id, a.business_id, a.resolution_id
business_grants: SELECT g.union_id, g.business_id, g.version, g.grants
    FROM business_grants g JOIN memberships m USING (union_id, member_id)
    WHERE m.member_id = $1 ORDER BY g.union_id, g.business_id
signed_acts: SELECT a.device_key_id, a.nonce, a.created, a.method, a.target_uri, a.content_digest,
    a.idempotency_key, a.signature_input, a.signature, encode(a.body, 'base64') AS body, a.stored_at
    FROM device_keys d JOIN signed_acts a ON a.device_key_id = d.id
    WHERE d.member_id = $1 ORDER BY a.stored_at, a.device_key_id, a.nonce
"""
PARTS: Mapping[str, str] = queries(_QUERIES)
"""By table what is given of it. `$1`: the member."""

LEFT_OUT: Mapping[str, str] = {
    "handle_looks": "made of the handles",
    "charters": "a union's own, of which its founder is the author",
    "member_counts": "counts, of nobody",
    "file_contents": "the picture itself, which its link gives",
    "nonces": "of nobody, for five minutes",
    "refresh_tokens": "secrets, of which a hash is kept",
    "stream_tickets": "secrets, of which a hash is kept, for half a minute",
    "address_windows": "counts by address, for minutes",
    "attempt_windows": "counts, for as long as a limit looks back",
    "revocations": "what has ended, said again for the others for two weeks",
    "revocation_head": "a number, of nobody",
    "acceptance_counts": "counts, of nobody",
    "admission_days": "counts, of nobody",
    "admission_questions": "a union's own",
    "invitation_list_refusals": "lines of a list that made no link, without a name",
    "email_stops": "keys of those who want no e-mail, whom only their address names",
    "operator_act_unions": "by union, ids of what operators did: those about the member are given",
    "offices": "a union's own",
    "businesses": "a business' own",
    "office_versions": "a union's own",
    "erased_looks": "keyed hashes of what handles of others looked like",
    "webhooks": "a union's own",
    "webhook_deliveries": "a union's own",
}
"""Tables of which an export has nothing, and why."""
