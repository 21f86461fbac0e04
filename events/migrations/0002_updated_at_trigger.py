from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial"), ("core", "0002_extensions_and_triggers")]

    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER events_event_touch BEFORE UPDATE ON events_event "
            "FOR EACH ROW EXECUTE FUNCTION core_touch_updated_at();",
            "DROP TRIGGER events_event_touch ON events_event;",
        ),
    ]
