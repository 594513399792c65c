"""Pages of this room: the activity itself (lives), its measures, what changed in the open (changes)."""
