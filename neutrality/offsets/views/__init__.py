"""Pages of the offsets room: public, of holders and organizers, of the registry operators."""
