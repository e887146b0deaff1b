"""Whoever finds the address in a browser learns which number to ring."""

from tests.harness import Helpline


def test_it_names_every_line_and_how_to_dial_it(helpline: Helpline) -> None:
    helpline.valley()
    page = helpline.app.test_client().get("/")
    assert page.status_code == 200
    assert '<a href="tel:+441632960000">01632 960000</a>' in page.text
    assert "Calder Valley Neighbours" in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_a_lines_name_never_becomes_markup(helpline: Helpline) -> None:
    helpline.names_its_line("<script>alert(1)</script>")
    text = helpline.app.test_client().get("/").text
    assert "&lt;script&gt;alert(1)" in text
    assert "<script>" not in text


def test_without_its_database_it_says_whom_to_ring_instead(helpline: Helpline) -> None:
    helpline.loses_its_database()
    page = helpline.app.test_client().get("/")
    assert page.status_code == 200
    assert "01632 960999" in page.text
