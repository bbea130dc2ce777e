"""The graph: history, voices, standing."""

from tests.guildhall.audit.violations.violation import planted_in

_CHANGE = (
    "INSERT INTO graph_changes SELECT union_id, (SELECT max(version) + 1 FROM graph_changes), recorded_at, "
    "{kind}, '{{{subject}}}', '{{{object}}}', '', true, false FROM graph_changes WHERE version = 1; "
    "UPDATE graph_heads SET version = version + 1; "
)

GRAPH = (
    planted_in(
        "graph",
        "graph.history",
        "a backlink deleted",
        "supporter_id={backer} leader_id={leader}",
        "DELETE FROM backlinks WHERE (supporter_id, leader_id) = ('{backer}', '{leader}')",
    ),
    planted_in(
        "graph",
        "graph.history",
        "a backlink without a change",
        "supporter_id={worker} leader_id={leader}",
        "INSERT INTO backlinks SELECT union_id, '{worker}', '{leader}', '', version, since "
        "FROM backlinks LIMIT 1",
    ),
    planted_in(
        "graph",
        "graph.history",
        "a voice without a change",
        "member_id={backer}",
        "UPDATE voices SET leader_id = '{second_leader}' WHERE member_id = '{backer}'",
    ),
    planted_in(
        "graph",
        "graph.history",
        "a change removed",
        "union_id={union}",
        "DELETE FROM graph_changes WHERE version = 5",
        "the head is version",
    ),
    planted_in(
        "graph",
        "graph.history",
        "a member who counts without a change",
        "member_id={leaver}",
        "UPDATE graph_members SET active = true WHERE member_id = '{leaver}'",
    ),
    planted_in(
        "graph",
        "graph.voices",
        "a voice to a leader who is not backed",
        "member_id={worker}",
        _CHANGE.format(kind=3, subject="worker", object="leader")
        + "INSERT INTO voices SELECT union_id, '{worker}', '', '{leader}', version, since "
        "FROM voices LIMIT 1",
    ),
    planted_in(
        "graph",
        "graph.standing",
        "a standing altered",
        "member_id=",
        "UPDATE standing_chunks SET standings[1] = standings[1] + 0.00001",
        "off by 1.00e-05",
    ),
    planted_in(
        "graph",
        "graph.standing",
        "a standing removed",
        "member_id=",
        "UPDATE standing_chunks SET member_ids = '{{}}', standings = '{{}}'",
    ),
)
