"""Sealed at rest: the seals, their keys, and what is found without opening them."""
