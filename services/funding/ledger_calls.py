"""How funding asks the ledger for its refunds: a chunk of a run, and the lines that the run refused."""

from chassis.escrow_calls import LEDGER, problem_code
from chassis.intents import Answer, Intent, Outcome
from chassis.peers import Peers, PeerUnavailable

PAGE_LINES = 200


async def put_run_chunk(intent: Intent, peers: Peers) -> Answer:
    """Announce the run and give the ledger one chunk of its lines; both may be repeated."""
    payload = intent.payload
    path = f"/v1/unions/{payload['union_id']}/runs/{payload['run_id']}"
    announcement = {
        "lines_count": payload["lines_count"],
        "lines_sha256": payload["lines_sha256"],
        "refused_line_rule": "skip",
    }
    answer = await peers.call(LEDGER, "PUT", path, announcement, intent_id=intent.id)
    if answer.ok:
        chunk = {"lines": payload["lines"]}
        answer = await peers.call(
            LEDGER, "PUT", f"{path}/lines/{payload['chunk']}", chunk, intent_id=intent.id
        )
    if answer.status == 404:
        raise PeerUnavailable(LEDGER, "it does not know the union yet")
    if not answer.ok:
        return Answer(Outcome.REFUSED, problem_code(answer), {"status": answer.status})
    return Answer(Outcome.DONE)


async def refused_lines(intent: Intent, peers: Peers) -> Answer:
    """The places in the run of the lines that were refused, in order."""
    union_id, run_id = intent.payload["union_id"], intent.payload["run_id"]
    indexes: list[int] = []
    cursor = ""
    while True:
        path = f"/v1/unions/{union_id}/runs/{run_id}/refused-lines?limit={PAGE_LINES}{cursor}"
        answer = await peers.call(LEDGER, "GET", path, intent_id=intent.id)
        if not answer.ok:
            raise PeerUnavailable(LEDGER, f"status {answer.status} for a run that ended")
        indexes += [line["index"] for line in answer.body["items"]]
        if answer.body["next_cursor"] is None:
            return Answer(Outcome.DONE, body={"indexes": indexes})
        cursor = f"&cursor={answer.body['next_cursor']}"
