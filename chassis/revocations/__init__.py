"""Who is out is out everywhere within a second: identity's log of what has ended, followed by every process.

The design's decision 11; docs/decisions/0025-revocation-log.md says how and why.
"""
