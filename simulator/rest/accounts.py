"""The account itself: enough to see that the credentials are right."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from simulator.rest import shapes
from simulator.rest.asking import account_path, the_network

routes = Blueprint("accounts", __name__)


@routes.get(".json")
def fetch() -> dict[str, Any]:
    return shapes.account(account_path(), the_network().account_sid)
