"""The desk in the record: tickets and their log, which is appended to and never changed."""
