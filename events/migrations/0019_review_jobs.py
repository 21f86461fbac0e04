from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0018_title_characters")]

    operations = [
        migrations.AlterField(
            model_name="deskjob",
            name="kind",
            field=models.CharField(
                choices=[
                    ("publish", "Publish"),
                    ("hide", "Hide"),
                    ("cancel", "Cancel"),
                    ("recompute", "Compute again"),
                    ("review", "Mark texts as reviewed"),
                ],
                max_length=10,
                verbose_name="operation",
            ),
        ),
    ]
