"""The owner's page over HTTP: what the record says of the shop. Every route needs the owner's sign-in."""
