"""Deciding by experiment: who meets what, how many it takes, what may be concluded, and what the past says beforehand."""
