from django.db import migrations

# Readers get the place of the stream with every list, so it is there before the first message.
OPEN = "INSERT INTO core_stream (name) VALUES ('events') ON CONFLICT DO NOTHING;"


class Migration(migrations.Migration):
    dependencies = [("core", "0002_extensions_and_triggers")]

    operations = [migrations.RunSQL(OPEN, migrations.RunSQL.noop)]
