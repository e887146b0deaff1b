"""Figures of a span of days, for coordinators and for those who pay for the line."""
