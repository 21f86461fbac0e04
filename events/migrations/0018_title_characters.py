from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


def characters(title):
    return models.Func(
        models.F(title),
        models.Value(None),
        function="string_to_array",
        output_field=ArrayField(models.TextField()),
    )


class Migration(migrations.Migration):
    """Built beside readers and writers: the table may be large by now."""

    atomic = False

    dependencies = [("events", "0016_run_changes")]

    operations = [
        AddIndexConcurrently(
            "event", GinIndex(characters(f"title_{code}"), name=f"event_characters_{code}")
        )
        for code in ("zh_hans", "ja")
    ]
