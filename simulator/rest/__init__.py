"""The REST API under /2010-04-01, in Twilio's shapes."""

from simulator.rest.app import NoAnswer, RestApp, create_rest_app

__all__ = ["NoAnswer", "RestApp", "create_rest_app"]
