from django.db import migrations

from neutrality.appendonly import guard


class Migration(migrations.Migration):
    dependencies = [("inventory", "0007_cover_choice")]
    operations = [guard("inventory_coverchoice")]
