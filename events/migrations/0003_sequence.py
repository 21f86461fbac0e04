from django.db import migrations, models

# Calendars need to know how often the time of an event changed, to the second that they show,
# whoever writes. The number always follows from the row before, never from what a writer sends.
SEQUENCE = """
CREATE FUNCTION events_count_sequence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.sequence := OLD.sequence + CASE WHEN
        (date_trunc('second', NEW.occurs_at), date_trunc('second', NEW.begins_at),
         date_trunc('second', NEW.ends_at))
        IS DISTINCT FROM
        (date_trunc('second', OLD.occurs_at), date_trunc('second', OLD.begins_at),
         date_trunc('second', OLD.ends_at))
        THEN 1 ELSE 0 END;
    RETURN NEW;
END $$;
CREATE TRIGGER events_event_count_sequence BEFORE UPDATE ON events_event
    FOR EACH ROW EXECUTE FUNCTION events_count_sequence();
"""
SEQUENCE_BACK = """
DROP TRIGGER events_event_count_sequence ON events_event;
DROP FUNCTION events_count_sequence();
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0002_updated_at_trigger")]

    operations = [
        migrations.AddField(
            model_name="event",
            name="sequence",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.RunSQL(SEQUENCE, SEQUENCE_BACK),
    ]
