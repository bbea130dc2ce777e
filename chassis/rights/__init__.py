"""Who may do what in a union: the rights that living offices give, as every service knows them.

The founder is the root and holds every right; all others hold what identity's `office.grant` says of them.
What ended is known by the log of revocations, before the event comes: docs/decisions/0057-offices.md.
"""
