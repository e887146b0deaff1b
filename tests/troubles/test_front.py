"""Our own address is asked for as the phone network does, and what is wrong with it is told."""

import ipaddress
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from helpline.watching.troubles import Cause
from queue_workers.front import Front
from tests.canary.cage import served
from tests.harness import Helpline
from tests.troubles.watching import Watched


class Outside:
    """What answers at our address; `body` is what it says of itself."""

    body = b'{"database": "well"}'


@contextmanager
def answering(outside: Outside, certificate: Path | None = None, port: int = 0) -> Iterator[str]:
    """Have it answer for a while; its address."""

    class Health(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(outside.body)

        def log_message(self, *_: Any) -> None:
            """Not to the terminal."""

    HTTPServer.allow_reuse_address = True
    with HTTPServer(("127.0.0.1", port), Health) as server:
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        with served(server):
            yield f"http{'s' if certificate else ''}://127.0.0.1:{server.server_port}"


def certificate_until(end: datetime, folder: Path) -> Path:
    """A certificate of this machine's, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"until {end:%Y%m%d}")])
    here = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(end - timedelta(days=90))
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName([here]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{end:%Y%m%d}.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    return file


def test_a_web_side_that_was_there_and_is_gone_is_told(helpline: Helpline, tmp_path: Path) -> None:
    cora = helpline.coordinator("Cora")
    with answering(Outside()) as address:
        watched = Watched(helpline, tmp_path, outside=address)
        watched.goes_on(minutes=3)
    watched.goes_on(minutes=5)
    cora.is_texted("trouble_web")
    with answering(Outside(), port=int(address.rpartition(":")[2])):
        watched.goes_on(minutes=1)
    cora.is_texted("trouble_over")


def test_a_proxy_in_front_of_nothing_is_not_us() -> None:
    outside = Outside()
    with answering(outside) as address:
        front = Front(address)
        front.look()
        assert front.seen(datetime.now(UTC)) == {}
        outside.body = b"<h1>Bad gateway</h1>"
        front.look()
        assert Cause.WEB in front.seen(datetime.now(UTC))


def test_what_never_answered_from_here_tells_nothing() -> None:
    front = Front("http://127.0.0.1:9")
    front.look()
    assert front.seen(datetime.now(UTC)) == {}


def test_a_certificate_is_told_of_before_it_runs_out(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    soon = certificate_until(now + timedelta(days=5), tmp_path)
    believed = ssl.create_default_context(cafile=str(soon))
    with answering(Outside(), soon) as address:
        front = Front(address, believed)
        front.look()
    assert front.seen(now) == {Cause.CERTIFICATE: f"{now + timedelta(days=5):%Y-%m-%d}"}
    assert front.seen(now - timedelta(days=6)) == {}


def test_a_certificate_that_has_run_out_is_said_in_words(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    good = certificate_until(now + timedelta(days=80), tmp_path)
    old = certificate_until(now - timedelta(days=1), tmp_path)
    believed = ssl.create_default_context(cafile=str(good))
    believed.load_verify_locations(cafile=str(old))
    with answering(Outside(), good) as address:
        front = Front(address, believed)
        front.look()
    with answering(Outside(), old, int(address.rpartition(":")[2])):
        front.look()
    assert front.seen(now) == {Cause.WEB: "certificate has expired"}
