from django.db import migrations

from neutrality.appendonly import guard


class Migration(migrations.Migration):
    dependencies = [("inventory", "0005_deposit")]
    operations = [guard("inventory_deposit")]
