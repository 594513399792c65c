"""Nobody empties the trail."""

from django.db import migrations

from neutrality.appendonly import never_emptied


class Migration(migrations.Migration):
    dependencies = [("trail", "0003_append")]
    operations = [never_emptied("trail_entry", "trail_checkpoint")]
