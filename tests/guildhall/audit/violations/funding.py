"""Funding: all or nothing, counts, targets, waits."""

from tests.guildhall.audit.violations.postings import repeated, sent_back
from tests.guildhall.audit.violations.violation import planted_in

_PAID_OUT, _REFUNDED, _OPEN = (
    "project_id={project_" + name + "}" for name in ("paid_out", "refunded", "open")
)

FUNDING = (
    planted_in(
        "funding",
        "funding.all-or-nothing",
        "a pledge both paid and refunded",
        _PAID_OUT,
        "UPDATE pledges SET state = 'refunded' WHERE pledge_id = (SELECT min(pledge_id::text)::uuid "
        "FROM pledges WHERE project_id = '{project_paid_out}')",
        "of a paid-out project is refunded",
    ),
    planted_in(
        "funding",
        "funding.all-or-nothing",
        "a refund beside a payout",
        _PAID_OUT,
        "SELECT 1",
        "minor units left",
        ledger=sent_back(30, 31, "projects/{project_paid_out}"),
    ),
    planted_in(
        "funding",
        "funding.all-or-nothing",
        "a project paid out twice",
        _PAID_OUT,
        "SELECT 1",
        "more than once",
        ledger=repeated(32, "projects/{project_paid_out}"),
    ),
    planted_in(
        "funding",
        "funding.all-or-nothing",
        "a payout to another",
        _PAID_OUT,
        "UPDATE projects SET owner_id = '{backer}' WHERE project_id = '{project_paid_out}'",
        "to another than its owner",
    ),
    planted_in(
        "funding",
        "funding.all-or-nothing",
        "a backer refunded twice",
        _REFUNDED,
        "SELECT 1",
        "got back more than they pledged",
        ledger=repeated(31, "projects/{project_refunded}"),
    ),
    planted_in(
        "funding",
        "funding.all-or-nothing",
        "a settled sum off by one",
        _PAID_OUT,
        "UPDATE projects SET settled_minor = settled_minor + 1 WHERE project_id = '{project_paid_out}'",
        "settled for 30000001",
    ),
    planted_in(
        "funding",
        "funding.all-or-nothing",
        "an open project's escrow emptied",
        _OPEN,
        "SELECT 1",
        "backer {backer} has 0 minor units",
        ledger=sent_back(30, 31, "projects/{project_open}"),
    ),
    planted_in(
        "ledger",
        "funding.all-or-nothing",
        "an escrow without a project",
        "resource=projects/{project_open}",
        "SELECT 1",
        funding="DELETE FROM pledges WHERE project_id = '{project_open}'; "
        "DELETE FROM projects WHERE project_id = '{project_open}'",
    ),
    planted_in(
        "funding",
        "funding.counts",
        "a count off by one",
        _OPEN,
        "UPDATE projects SET held_count = held_count + 1 WHERE state = 'open'",
    ),
    planted_in(
        "funding",
        "funding.counts",
        "a pledge that nobody waits for",
        _PAID_OUT,
        "UPDATE projects SET unanswered_count = 1 WHERE state = 'paid_out'",
    ),
    planted_in(
        "funding",
        "funding.by-target",
        "a project paid out below its target",
        _PAID_OUT,
        "UPDATE projects SET target_minor = 2 * target_minor WHERE state = 'paid_out'",
    ),
    planted_in(
        "funding", "funding.no-freeze", "an open project without its deadline", _OPEN, "DELETE FROM timers"
    ),
    planted_in(
        "funding",
        "funding.no-freeze",
        "a project that settles for ever",
        _OPEN,
        "UPDATE projects SET state = 'refunding' WHERE state = 'open'",
        "waits for nothing",
    ),
    planted_in(
        "funding",
        "funding.no-freeze",
        "a pledge that nobody asks the ledger for",
        "state=waiting",
        "UPDATE pledges SET state = 'waiting' WHERE project_id = '{project_open}'",
        "waits for no intent",
    ),
)
