"""Made-up credentials are made once, kept, and nobody else's to read."""

import json
import stat

import pytest

from helpline.running.made_up import made_up_credentials


def counting():
    made = []

    def token_hex(size):
        made.append(size)
        return f"{len(made):0{2 * size}x}"

    return token_hex


def test_they_have_the_shapes_that_the_phone_network_gives(tmp_path):
    made = made_up_credentials(tmp_path / "made_up.json", counting())
    assert made["TWILIO_ACCOUNT_SID"] == "AC" + "0" * 31 + "1"
    assert len(made["TWILIO_AUTH_TOKEN"]) == 32
    assert len(made["SECRET_KEY"]) == 64
    assert len(made["DATA_KEYS"]) == 64


def test_they_are_kept_and_only_for_this_user(tmp_path):
    file = tmp_path / "made_up.json"
    first = made_up_credentials(file, counting())
    assert made_up_credentials(file, lambda _: "never asked") == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_an_older_helpline_made_up_stays(tmp_path):
    file = tmp_path / "made_up.json"
    first = made_up_credentials(file, counting())
    file.write_text(json.dumps({name: first[name] for name in first if name != "DATA_KEYS"}))
    second = made_up_credentials(file, lambda size: "9" * 2 * size)
    assert second == {**first, "DATA_KEYS": "9" * 64}


@pytest.mark.parametrize("spoilt", ["", "{", "[]", '{"SECRET_KEY": "alone"}', "null"])
def test_a_spoilt_file_is_made_anew(tmp_path, spoilt):
    file = tmp_path / "made_up.json"
    file.write_text(spoilt)
    made = made_up_credentials(file, counting())
    assert made_up_credentials(file, counting()) == made
