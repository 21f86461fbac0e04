"""The groups of staff; their rights come with the desk they work at."""

from django.db import migrations

LANGUAGES = ("en", "zh-hans", "es", "hi", "pt-br", "de", "fr", "ja", "ru", "hy")
GROUPS = ("Curator", "Publisher", *(f"Translator-{code}" for code in LANGUAGES), "Auditor")


def groups_create(apps, schema_editor):
    """Create what is missing; a group that exists keeps its members and rights."""
    group = apps.get_model("auth", "Group")
    for name in GROUPS:
        group.objects.using(schema_editor.connection.alias).get_or_create(name=name)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_recovery_codes'),
    ]

    operations = [
        # Going back keeps the groups: people may be members by then.
        migrations.RunPython(groups_create, migrations.RunPython.noop),
    ]
