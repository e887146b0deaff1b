"""The few words of HTTP that the supervisor speaks with its own programs on this machine."""

import asyncio
from base64 import b64encode
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import urlencode, urlsplit

_NEXT_TRY = 0.05  # seconds


async def ask(
    url: str,
    *,
    form: Mapping[str, str] | None = None,
    user: tuple[str, str] | None = None,
    limit: float = 5.0,
) -> tuple[int, bytes]:
    """GET `url`, or POST `form` to it, as `user` (name, password); the status and the body.

    Errors: OSError when nobody listens, answers in HTTP, or answers within `limit` seconds.
    """
    where = urlsplit(url)
    target = (where.path or "/") + (f"?{where.query}" if where.query else "")
    body = b"" if form is None else urlencode(form).encode()
    lines = [
        f"{'GET' if form is None else 'POST'} {target} HTTP/1.0",
        f"Host: {where.netloc}",
        "Connection: close",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
    ]
    if user is not None:
        lines.append(f"Authorization: Basic {b64encode(':'.join(user).encode()).decode()}")
    request = "\r\n".join([*lines, "", ""]).encode() + body
    async with asyncio.timeout(limit):
        answer = await _exchange(where.hostname or "", where.port or 80, request)
    head, _, content = answer.partition(b"\r\n\r\n")
    try:
        return int(head.split(b" ", 2)[1]), content
    except (IndexError, ValueError):
        raise ConnectionError(f"{where.netloc} does not answer in HTTP") from None


async def _exchange(host: str, port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(request)
        return await reader.read()
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def until_answered(
    url: str, *, user: tuple[str, str] | None = None, wanted: int | None = 200
) -> bytes:
    """Ask again and again until the answer's status is `wanted` (None: any); answers its body."""
    while True:
        with suppress(OSError):
            status, body = await ask(url, user=user)
            if wanted in (None, status):
                return body
        await asyncio.sleep(_NEXT_TRY)
