"""How often one address may try something; counted in Redis, and here while Redis is gone."""

from ipaddress import ip_address, ip_network
from typing import Final, cast

from flask import Request
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError

# A village hall has one address for everybody in it.
SIGN_INS: Final = (RateLimitItemPerMinute(20), RateLimitItemPerHour(100))
_OURS: Final = ("127.", "10.", "192.168.", "::1", "fd", *(f"172.{n}." for n in range(16, 32)))


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
