"""The talk: what is said next, on the phone and by text."""
