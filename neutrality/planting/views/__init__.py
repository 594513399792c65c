"""Pages of the planting room: public, of organizers, of verifying bodies, of regulators."""
