import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('events', '0006_announcement'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='event',
            options={
                'permissions': [
                    ('publish_event', 'Can publish, hide, cancel and schedule events'),
                    ('override_event', 'Can override facts of events'),
                    ('review_event', 'Can mark texts of events as reviewed'),
                    ('recompute_event', 'Can recompute events'),
                    ('exchange_texts', 'Can export and import texts of events'),
                    ('translate_en', 'Can write texts of events in en'),
                    ('translate_zh_hans', 'Can write texts of events in zh-hans'),
                    ('translate_es', 'Can write texts of events in es'),
                    ('translate_hi', 'Can write texts of events in hi'),
                    ('translate_pt_br', 'Can write texts of events in pt-br'),
                    ('translate_de', 'Can write texts of events in de'),
                    ('translate_fr', 'Can write texts of events in fr'),
                    ('translate_ja', 'Can write texts of events in ja'),
                    ('translate_ru', 'Can write texts of events in ru'),
                    ('translate_hy', 'Can write texts of events in hy'),
                ],
                'verbose_name': 'event',
                'verbose_name_plural': 'events',
            },
        ),
        migrations.CreateModel(
            name='GivenRight',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('right', models.CharField(max_length=200)),
                ('given_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='auth.group')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('group', 'right'), name='givenright_once')],
            },
        ),
    ]
