"""How often one address may try something, and one browser ask for pages.

Tries are counted in Redis, and here while Redis is gone; pages here alone: they must cost nothing.
"""

from collections import Counter
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import Final, cast

from flask import Request
from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError

# A village hall has one address for everybody in it.
SIGN_INS: Final = (RateLimitItemPerMinute(20), RateLimitItemPerHour(100))
# Codes that somebody asks for in a browser of their own.
OWN_CODES: Final = (RateLimitItemPerHour(5), RateLimitItemPerDay(10))
_OURS: Final = ("127.", "10.", "192.168.", "::1", "fd", *(f"172.{n}." for n in range(16, 32)))


# More pages in a minute than anybody reads, in each web process. A page that lies open asks every
# second whether it is fresh, in as many windows as are looked at.
PAGES_A_MINUTE: Final = 240
FRESH_A_MINUTE: Final = 600


class PageLimits:
    """Counts the pages that each signed-in browser asks for, minute by minute; one a process."""

    def __init__(self) -> None:
        self._minute: datetime | None = None
        self._counted: Counter[tuple[str, bool]] = Counter()

    def allows(self, browser: str, at: datetime, *, by_itself: bool) -> bool:
        """Count one more page for this browser (a mark of its own); False when there were too many.

        `by_itself` is what an open page asks for while nobody touches it.
        """
        minute = at.replace(second=0, microsecond=0)
        if minute != self._minute:
            self._minute, self._counted = minute, Counter()
        self._counted[browser, by_itself] += 1
        most = FRESH_A_MINUTE if by_itself else PAGES_A_MINUTE
        return self._counted[browser, by_itself] <= most


class Limits:
    """Counts tries by address, the same for every web process where there is Redis."""

    def __init__(self, redis_url: str | None) -> None:
        """`redis_url` None: each process counts for itself."""
        self._here = FixedWindowRateLimiter(MemoryStorage())
        self._shared = FixedWindowRateLimiter(_storage(redis_url)) if redis_url else self._here

    def allows(self, address: str, what: str, limits: tuple[RateLimitItem, ...] = SIGN_INS) -> bool:
        """Count one more try; False when there were too many."""
        try:
            return _hit(self._shared, address, what, limits)
        except (RedisError, OSError):
            return _hit(self._here, address, what, limits)


def _hit(
    counted: FixedWindowRateLimiter, address: str, what: str, limits: tuple[RateLimitItem, ...]
) -> bool:
    # A try counts against each of them, the hour's too when the minute's is spent.
    hits = [counted.hit(each, what, address) for each in limits]
    return all(hits)


def _storage(redis_url: str) -> Storage:
    if redis_url.startswith("unix://"):
        redis_url = redis_url.replace("unix://", "redis+unix://", 1)
    found = storage_from_string(redis_url, socket_timeout=0.25, socket_connect_timeout=0.25)
    return cast(Storage, found)


def address_of(request: Request) -> str:
    """Where a browser is: what our own proxy says of it, and nobody else's word.

    Of IPv6 the network (its first 64 bits): whoever has one has every address in it.
    """
    peer = request.remote_addr or ""
    told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    asks = _network(told) if not peer or peer.startswith(_OURS) else None
    return asks or _network(peer) or peer


def _network(said: str) -> str | None:
    """An address as it is counted; None for what is none. Some proxies add the port."""
    if said.startswith("["):
        said = said[1:].partition("]")[0]
    elif said.count(":") == 1:
        said = said.partition(":")[0]
    try:
        found = ip_address(said.partition("%")[0])
    except ValueError:
        return None
    if found.version == 4:
        return str(found)
    return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
