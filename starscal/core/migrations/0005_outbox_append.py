from django.db import migrations

# Planned once a connection: planning anew took longer than the work, while all others waited.
# Each statement sees what was committed before it, and so, once the stream is held, every key and
# number that was given before. clock_timestamp() tells times in the order of the numbers; now()
# is when the transaction began.
APPEND = """
CREATE FUNCTION core_outbox_append(
    stream text, keys text[], kinds text[], bodies jsonb[], channel text
) RETURNS TABLE (id bigint, seq bigint, key text, created_at timestamptz) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    held bigint;
    given bigint;
BEGIN
    SELECT last_seq INTO held FROM core_stream WHERE name = stream FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO core_stream (name) VALUES (stream) ON CONFLICT DO NOTHING;
        SELECT last_seq INTO held FROM core_stream WHERE name = stream FOR UPDATE;
    END IF;
    given := held;
    FOR place IN 1 .. cardinality(keys) LOOP
        CONTINUE WHEN EXISTS (
            SELECT FROM core_outboxmessage AS known WHERE known.key = keys[place]
        );
        given := given + 1;
        INSERT INTO core_outboxmessage AS added (stream_id, seq, key, kind, body, created_at)
        VALUES (stream, given, keys[place], kinds[place], bodies[place], clock_timestamp())
        RETURNING added.id, added.seq, added.key, added.created_at INTO id, seq, key, created_at;
        RETURN NEXT;
    END LOOP;
    IF given > held THEN
        UPDATE core_stream SET last_seq = given WHERE name = stream;
        PERFORM pg_notify(channel, stream);
    END IF;
END $$;
"""
APPEND_BACK = "DROP FUNCTION core_outbox_append(text, text[], text[], jsonb[], text);"


class Migration(migrations.Migration):
    dependencies = [("core", "0004_events_stream")]

    operations = [migrations.RunSQL(APPEND, APPEND_BACK)]
