"""The cast and the ground every test stands on."""

from portal import catalogues

catalogues.compile_all()
