"""Whose telephone rings: for a caller, for somebody rung back, for who is to be told something."""
