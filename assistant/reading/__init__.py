"""Reading a message in code: prices, measures, the catalogue's own words, negation, references and intent."""
