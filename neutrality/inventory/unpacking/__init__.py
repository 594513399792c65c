"""Programs of a child process that open what people upload. Nothing of the portal is imported here."""
