from django.db import migrations

# One number that grows with every committed change of what lists are made of, whoever writes it.
# Each transaction adds one to a place of its own, held by an advisory lock that nobody waits for,
# so writers do not queue; the sum over the places grows as they commit.
CHANGES = """
CREATE TABLE events_changes (place smallint PRIMARY KEY, count bigint NOT NULL);
CREATE FUNCTION events_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    mine text := pg_current_xact_id()::text;
    free smallint := 0;
BEGIN
    IF current_setting('starscal.change_noted', true) = mine THEN
        RETURN NULL;
    END IF;
    WHILE free < 64 AND NOT pg_try_advisory_xact_lock(7219441, free) LOOP
        free := free + 1;
    END LOOP;
    INSERT INTO events_changes VALUES (free, 1)
        ON CONFLICT (place) DO UPDATE SET count = events_changes.count + 1;
    PERFORM set_config('starscal.change_noted', mine, true);
    RETURN NULL;
END $$;
"""
TABLES = ("events_event", "events_computedwindow", "events_kindsetting")
TRIGGER = (
    "CREATE TRIGGER {0}_note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {0} "
    "FOR EACH STATEMENT EXECUTE FUNCTION events_note_change();"
)


class Migration(migrations.Migration):
    dependencies = [("events", "0004_list_indexes")]

    operations = [
        migrations.RunSQL(
            CHANGES, "DROP FUNCTION events_note_change(); DROP TABLE events_changes;"
        ),
        *(
            migrations.RunSQL(TRIGGER.format(table), f"DROP TRIGGER {table}_note_change ON {table};")
            for table in TABLES
        ),
    ]
