from django.db import migrations

# A text that is not stale was written beside the machine text of today; of a stale one the machine
# text beside which it was written is lost.
FILL = "UPDATE events_textstate SET basis_text = generated_text WHERE status <> 'stale'"


class Migration(migrations.Migration):
    dependencies = [("events", "0013_text_basis")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
