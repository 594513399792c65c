"""Pages of the room: the library, filing, workbooks, sealed inventories."""
