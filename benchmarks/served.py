"""What gunicorn serves while it is measured: `benchmarks.served:ours()` and `…:floor()`.

It loads nothing that the helpline itself would not, so that its memory is the helpline's.
"""

import json
import os
import sys
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication

from app import create_app
from benchmarks.moments import clock_since

BEGAN = "BENCHMARK_BEGAN"
FLOOR_DATABASE_URL = "BENCHMARK_FLOOR_DATABASE_URL"
# Where a measured process tells what it has loaded.
LOADED = "/benchmark/loaded"


def ours() -> WSGIApplication:
    """The helpline's web side, as it is; the environment tells it where its database is."""
    app = create_app(clock=clock_since(float(os.environ[BEGAN])))

    def answer(environ: dict[str, Any], start: StartResponse) -> Any:
        if environ["PATH_INFO"] == LOADED:
            start("200 OK", [("Content-Type", "application/json")])
            return [json.dumps({"pid": os.getpid(), "modules": sorted(sys.modules)}).encode()]
        return app(environ, start)

    return answer


def floor() -> WSGIApplication:
    """The floor, with a database of its own on the same disk."""
    from benchmarks.floor import create_floor

    environment = os.environ
    return create_floor(
        environment[FLOOR_DATABASE_URL],
        environment["PUBLIC_BASE_URL"],
        environment["TWILIO_AUTH_TOKEN"],
    )
