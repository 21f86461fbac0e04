from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Built beside readers and writers: the table may be large by now."""

    atomic = False

    dependencies = [
        ("events", "0007_desk_permissions"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="event",
            index=models.Index(
                condition=models.Q(("status__in", ("draft", "hidden", "cancelled"))),
                fields=["status", "occurs_at", "id"],
                name="event_unpublished_idx",
            ),
        ),
        AddIndexConcurrently(
            model_name="event",
            index=models.Index(
                condition=models.Q(("origin", "staff")),
                fields=["occurs_at", "id"],
                name="event_of_staff_idx",
            ),
        ),
        AddIndexConcurrently(
            model_name="textstate",
            index=models.Index(
                fields=["status", "language", "id"], include=("event",), name="textstate_queue_idx"
            ),
        ),
    ]
