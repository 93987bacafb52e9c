"""What is learnt from the record: figures, gaps, opinions, alerts and experiments. Knows nothing of pages."""
