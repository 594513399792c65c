"""Entries are appended by the database in one round trip, and no other row gets in.

The trail's tail is the one point every operation passes, one after the other, until it commits. So nothing is left to
do under its lock but this: take the next number, hash the leaf and the subtrees it completes, insert. What the
transaction owes its foreign keys is paid before the lock is taken, not at the commit.

`trail_append` makes the leaf of the very columns it stores; only the commitment to the content comes from outside,
because the canonical form of a content is the portal's to write (RFC 8785). The trigger lets nothing in that does not
continue the tree, raw SQL included.
"""

from django.db import migrations

LOCK = "6962_01".replace("_", "")  # the same constant as neutrality.trail.operations.LOCK

CHAIN = f"""
CREATE FUNCTION trail_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  node bytea := NEW.nodes; sibling bytea; level int := 0;
BEGIN
  PERFORM pg_advisory_xact_lock({LOCK});
  IF NEW.number <> 1 + coalesce((SELECT number FROM trail_entry ORDER BY number DESC LIMIT 1), 0)
     OR length(NEW.nodes) <> 32 THEN
    RAISE EXCEPTION 'trail_entry is continued by trail_append only' USING ERRCODE = 'restrict_violation';
  END IF;
  -- Every subtree this entry completes: RFC 6962 2.1, SHA-256 of 0x01 and both children (rules.new_nodes).
  WHILE (NEW.number >> level) & 1 = 0 LOOP
    SELECT substring(nodes FROM level * 32 + 1 FOR 32) INTO STRICT sibling
      FROM trail_entry WHERE number = NEW.number - (1::bigint << level);
    node := sha256('\\x01'::bytea || sibling || node);
    NEW.nodes := NEW.nodes || node;
    level := level + 1;
  END LOOP;
  RETURN NEW;
END $$;
CREATE TRIGGER trail_chain BEFORE INSERT ON trail_entry FOR EACH ROW EXECUTE FUNCTION trail_chain();
"""

# The canonical bytes of a fact (rules.Fact): keys in order, no blanks; PostgreSQL escapes a text as RFC 8785 does.
APPEND = f"""
CREATE FUNCTION trail_append(
  said text, about text, person uuid, moment timestamptz, told jsonb, shown boolean, grain text, commitment text
) RETURNS TABLE (entry bigint, kept bytea) LANGUAGE plpgsql AS $$
BEGIN
  SET CONSTRAINTS ALL IMMEDIATE;
  SET CONSTRAINTS ALL DEFERRED;
  PERFORM pg_advisory_xact_lock({LOCK});
  entry := 1 + coalesce((SELECT number FROM trail_entry ORDER BY number DESC LIMIT 1), 0);
  INSERT INTO trail_entry (number, verb, subject, "by", at, content, public, salt, nodes)
  VALUES (entry, said, about, person, moment, told, shown, grain, sha256('\\x00'::bytea || convert_to(
    '{{"at":"' || to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    || '","by":' || coalesce('"' || person || '"', 'null') || ',"content":"' || commitment
    || '","number":' || entry || ',"subject":' || to_json(about) || ',"verb":' || to_json(said) || '}}', 'UTF8')))
  RETURNING nodes INTO kept;
  RETURN NEXT;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("trail", "0002_guards")]
    operations = [
        migrations.RunSQL(
            CHAIN + APPEND,
            "DROP FUNCTION trail_append; DROP TRIGGER trail_chain ON trail_entry; DROP FUNCTION trail_chain;",
        )
    ]
