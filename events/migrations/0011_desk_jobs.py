import uuid

import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0010_desk_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DeskJob",
            fields=[
                ("id", models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=[("publish", "Publish"), ("hide", "Hide"), ("cancel", "Cancel"), ("recompute", "Compute again")], max_length=10, verbose_name="operation")),
                ("asked", models.JSONField(default=dict, verbose_name="selection")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                ("status", models.CharField(choices=[("waiting", "Waiting"), ("running", "Running"), ("done", "Done"), ("failed", "Failed"), ("stopped", "Stopped")], default="waiting", max_length=8, verbose_name="status")),
                ("total", models.PositiveIntegerField(default=0, verbose_name="chosen")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="done")),
                ("skipped", models.PositiveIntegerField(default=0, verbose_name="unchanged")),
                ("refused", models.PositiveIntegerField(default=0, verbose_name="refused")),
                ("refusals", models.JSONField(default=dict, verbose_name="reasons of refusals")),
                ("last", models.CharField(blank=True, max_length=80)),
                ("cursor", models.CharField(blank=True, max_length=80)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="created")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                ("actor", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="asked by")),
            ],
            options={
                "verbose_name": "job",
                "verbose_name_plural": "jobs",
                "indexes": [models.Index(condition=models.Q(("status__in", ("waiting", "running"))), fields=["created_at"], name="deskjob_open_idx")],
            },
        ),
    ]
