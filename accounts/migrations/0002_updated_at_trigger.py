from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("core", "0002_extensions_and_triggers")]

    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER accounts_user_touch BEFORE UPDATE ON accounts_user "
            "FOR EACH ROW EXECUTE FUNCTION core_touch_updated_at();",
            "DROP TRIGGER accounts_user_touch ON accounts_user;",
        ),
    ]
