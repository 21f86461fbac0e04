from django.db import migrations

# Readers get the place of the stream with every list, so it is there before the first message.
OPEN = "INSERT INTO core_stream (name) VALUES ('events') ON CONFLICT DO NOTHING;"


class Migration(migrations.Migration):
    dependencies = [("core", "0003_errorgroup")]

    operations = [migrations.RunSQL(OPEN, migrations.RunSQL.noop)]
