from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models


def characters(title):
    return models.Func(
        models.F(title),
        models.Value(None),
        function="string_to_array",
        output_field=ArrayField(models.TextField()),
    )


class Migration(migrations.Migration):
    dependencies = [("events", "0016_run_changes")]

    operations = [
        migrations.AddIndex(
            "event", GinIndex(characters(f"title_{code}"), name=f"event_characters_{code}")
        )
        for code in ("zh_hans", "ja")
    ]
