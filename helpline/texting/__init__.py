"""Texts beyond their rows: when one goes out, what several say together, what an answer means."""
