"""Signed acts as they are kept."""

KEPT_ACTS = """(
    SELECT s.*, s.body = '' AND e.member_id IS NOT NULL AS is_erased
    FROM signed_acts s LEFT JOIN erased_members e USING (member_id)
)"""
"""`is_erased`: what was said went with its member, where words were in it; that they signed it is left, and
the digest of what."""
