"""Reservations, and certificates that units lie free."""

import django.db.models.deletion
import neutrality.codes
from django.conf import settings
from django.db import migrations, models

from neutrality.appendonly import guard

# One function for all places others have a right in, so that a move asks for its two places once. Pledged and frozen
# units return to their owner only. `reserved:` is reached from its owner's `held:` only, and left for that, for the
# activity the units are set aside for, or for `void:`.
STAY = """
CREATE OR REPLACE FUNCTION offsets_locked_stay() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  source text; target text; home text; activity text;
BEGIN
  SELECT code INTO source FROM ledger_place WHERE id = NEW.source_id;
  SELECT code INTO target FROM ledger_place WHERE id = NEW.target_id;
  IF (target LIKE 'retired:%' OR target LIKE 'held:%') AND (source LIKE 'pledged:%' OR source LIKE 'frozen:%')
     AND (target LIKE 'retired:%' OR target <> (
       SELECT 'held:' || o.code FROM offsets_lock l JOIN accounts_organization o ON o.id = l.owner_id
       WHERE l.number = split_part(source, ':', 2))) THEN
    RAISE EXCEPTION '% holds these units', source USING ERRCODE = 'QZ001';
  END IF;
  IF source LIKE 'reserved:%' OR target LIKE 'reserved:%' THEN
    SELECT 'held:' || o.code, 'retired:' || a.code INTO home, activity
    FROM offsets_reservation r JOIN accounts_organization o ON o.id = r.owner_id
      JOIN activities_activity a ON a.id = r.activity_id
    WHERE r.number = split_part(CASE WHEN source LIKE 'reserved:%' THEN source ELSE target END, ':', 2);
    IF (source LIKE 'reserved:%' AND (home IS NULL OR target NOT IN (home, activity, 'void:')))
       OR (target LIKE 'reserved:%' AND source IS DISTINCT FROM home) THEN
      RAISE EXCEPTION 'these units are set aside' USING ERRCODE = 'QZ001';
    END IF;
  END IF;
  RETURN NEW;
END $$;
"""
BEFORE = STAY[: STAY.index("  IF source LIKE 'reserved:%' OR")] + "  RETURN NEW;\nEND $$;"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_counters'),
        ('activities', '0003_measure_number'),
        ('offsets', '0008_catalogue_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Clearance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(default=neutrality.codes.new_code, max_length=20, unique=True)),
                ('key', models.CharField(max_length=64, unique=True)),
                ('quantity', models.BigIntegerField()),
                ('content', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('seen', models.BigIntegerField()),
                ('issued_at', models.DateTimeField()),
                ('block', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clearances', to='offsets.block')),
                ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                ('reader', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['reader', '-id'], name='offsets_clearance_reader')],
                'constraints': [models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='offsets_clearance_quantity_positive'), models.CheckConstraint(condition=models.Q(('reader__isnull', True), models.Q(('reader', models.F('owner')), _negated=True), _connector='OR'), name='offsets_clearance_for_another')],
            },
        ),
        migrations.CreateModel(
            name='Reservation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(default=neutrality.codes.new_code, max_length=20, unique=True)),
                ('key', models.CharField(max_length=64, unique=True)),
                ('quantity', models.BigIntegerField()),
                ('expires_on', models.DateField()),
                ('reserved_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ending', models.CharField(blank=True, choices=[('used', 'used for the activity'), ('released', 'released by the owner'), ('expired', 'expired')], max_length=10, null=True)),
                ('activity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reservations', to='activities.activity')),
                ('block', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reservations', to='offsets.block')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                ('reserved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['activity', '-id'], name='offsets_reservation_activity'), models.Index(fields=['owner', '-id'], name='offsets_reservation_owner'), models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['expires_on'], name='offsets_reservation_running')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ending__in', ['used', 'released', 'expired'])), name='offsets_reservation_ending_one_of'), models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='offsets_reservation_quantity_positive'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True), ('ending__isnull', True)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', True), ('ending', 'expired')), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), ('ending__in', ['used', 'released'])), _connector='OR'), name='offsets_reservation_ended_by_somebody_or_the_clock')],
            },
        ),
        guard("offsets_reservation", ("ended_at", "ended_by_id", "ending")),
        guard("offsets_clearance"),
        migrations.RunSQL(STAY, BEFORE),
    ]
