from django.db import migrations

from neutrality.appendonly import guard


class Migration(migrations.Migration):
    dependencies = [("activities", "0001_tables")]
    operations = [guard("activities_amendment")]
