"""All pages of the rota, as one blueprint."""

from helpline.web import (  # noqa: F401 - each adds its pages
    rota,
    rota_days,
    rota_drag,
    rota_fill_week,
    rota_history,
    rota_patterns,
    rota_shift,
    rota_where,
)
from helpline.web.rota_door import rota as rota_pages

__all__ = ["rota_pages"]
