"""Who may do what in a union and in its businesses: the rights that living grants give, as every service
knows them.

In a union the founder is the root and holds every right; all others hold what identity's `office.grant` says
of them. In a business everybody holds what its `business.grant` says, the union's founder too.
What ended is known by the log of revocations, before the event comes: docs/decisions/0057-offices.md.
"""
