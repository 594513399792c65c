from django.db import migrations

from neutrality.appendonly import guard


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0001_initial")]
    operations = [guard("rulebook_rulebook"), guard("rulebook_holiday")]
