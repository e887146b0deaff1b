"""Dates and times: as people say them, by a neighbour's clock, and as spans of instants."""
