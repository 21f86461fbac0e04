from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations

TOUCH = """
CREATE FUNCTION core_touch_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END $$;
"""
APPEND_ONLY = """
CREATE FUNCTION core_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME;
END $$;
CREATE TRIGGER core_auditentry_append_only BEFORE UPDATE OR DELETE ON core_auditentry
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
"""
APPEND_ONLY_BACK = """
DROP TRIGGER core_auditentry_append_only ON core_auditentry;
DROP FUNCTION core_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(TOUCH, "DROP FUNCTION core_touch_updated_at();"),
        migrations.RunSQL(APPEND_ONLY, APPEND_ONLY_BACK),
    ]
