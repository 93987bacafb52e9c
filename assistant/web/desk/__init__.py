"""The desk over HTTP: what people of the shop see, say and do. Every route but the doors needs a sign-in."""
