"""What begins and ends a request's transaction, each in one round trip.

Their statements run one after the other, each with a snapshot of its own (they are VOLATILE, the transaction
READ COMMITTED): what a lock was waited for is seen by the statement after it.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TAKE = """
CREATE FUNCTION take_idempotency_key(
    lock_number bigint, wanted bytea, since date,
    OUT taken boolean, OUT request_digest bytea, OUT status smallint, OUT headers jsonb, OUT body bytea,
    OUT resource text, OUT intent_ids jsonb)
LANGUAGE plpgsql VOLATILE AS $function$
BEGIN
    taken := pg_try_advisory_xact_lock(lock_number);
    IF taken THEN
        SELECT k.request_digest, k.status, k.headers, k.body, k.resource, k.intent_ids
        INTO request_digest, status, headers, body, resource, intent_ids
        FROM idempotency_keys k WHERE k.scope = wanted AND k.created_on >= since;
    END IF;
END $function$
"""

WRITE_OUTBOX = """
CREATE FUNCTION write_outbox(
    locks bigint[], written_ons date[], event_ids uuid[], types text[], keys text[], times timestamptz[],
    datas bytea[], traceparents text[], causation_ids text[], correlation_ids text[])
RETURNS void LANGUAGE plpgsql VOLATILE AS $function$
BEGIN
    PERFORM pg_advisory_xact_lock(lock) FROM unnest(locks) AS lock;
    INSERT INTO outbox
        (written_on, event_id, type, key, time, data, traceparent, causation_id, correlation_id)
    SELECT written_on, event_id, type, key, time, data, traceparent, causation_id, correlation_id
    FROM unnest(written_ons, event_ids, types, keys, times, datas, traceparents, causation_ids,
                correlation_ids) WITH ORDINALITY
      AS row (written_on, event_id, type, key, time, data, traceparent, causation_id, correlation_id, number)
    ORDER BY number;
END $function$
"""


def upgrade() -> None:
    op.execute(TAKE)
    op.execute(WRITE_OUTBOX)


def downgrade() -> None:
    op.execute("DROP FUNCTION write_outbox")
    op.execute("DROP FUNCTION take_idempotency_key")
