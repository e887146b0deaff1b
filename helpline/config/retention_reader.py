"""Reads from config.yaml for how many days each is kept."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from helpline.config.decided import Retention
from helpline.config.values import whole_number
from helpline.config.yaml_file import Section

# In days. Texts, calls and requests are answered for two weeks; codes are counted by the day.
_AT_LEAST: Final[Mapping[str, int]] = MappingProxyType(
    {
        "voicemails": 7,
        "requests": 30,
        "texts": 30,
        "calls": 30,
        "blocks": 1,
        "leavers": 1,
        "sign_ins": 2,
        "audit": 90,
    }
)
_AT_MOST: Final = 3650


def read_retention(top: Section) -> Retention:
    """The section `retention`; what it leaves out is kept for as long as usual."""
    section = top.part("retention", *_AT_LEAST)
    usual = Retention()
    return Retention(
        **{
            kind: _days(section, kind, least, getattr(usual, kind))
            for kind, least in _AT_LEAST.items()
        }
    )


def _days(section: Section, kind: str, least: int, usual: timedelta) -> timedelta:
    return timedelta(days=section.value(kind, whole_number(least, _AT_MOST), usual.days))
