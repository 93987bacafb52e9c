"""The retail shop of tau-bench: its data, what its tasks expect, and a simulated customer to play them (Yao et al. 2024, arXiv 2406.12045)."""
