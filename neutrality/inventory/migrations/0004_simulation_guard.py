from django.db import migrations

from neutrality.appendonly import guard


class Migration(migrations.Migration):
    dependencies = [("inventory", "0003_simulation")]
    operations = [guard("inventory_simulation")]
