"""Handsets in the browser: one page on which a newcomer plays every part with telephones."""

from simulator.handsets.pages import create_pages, handsets_blueprint

__all__ = ["create_pages", "handsets_blueprint"]
