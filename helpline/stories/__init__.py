"""Requests as people read them: listed, searched, and each with all that happened about it."""
