"""A folder with a config.yaml in it, edited as a coordinator might edit it."""

from pathlib import Path

import pytest

from helpline.settings import Settings, SettingsError, load_settings

SHIPPED = Path(__file__).parents[2] / "config.yaml"

ENVIRONMENT = {
    "PUBLIC_BASE_URL": "https://helpline.example.org",
    "TWILIO_ACCOUNT_SID": "AC" + "0123456789abcdef" * 2,
    "TWILIO_AUTH_TOKEN": "a-token-of-the-tests",
    "SECRET_KEY": "a-secret-key-of-the-tests",
    "DATA_KEYS": "0123456789abcdef" * 4,
}


def with_edit(folder: Path, old: str, new: str) -> int:
    """The shipped file with one edit; the line on which the edit begins, from 1."""
    with_edits(folder, {old: new})
    shipped = SHIPPED.read_text(encoding="utf-8")
    return shipped[: shipped.index(old)].count("\n") + 1


def with_edits(folder: Path, edits: dict[str, str]) -> Path:
    """The shipped file with each old text, which must be in it once, made new."""
    text = SHIPPED.read_text(encoding="utf-8")
    for old, new in edits.items():
        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in the shipped file"
        text = text.replace(old, new)
    return written(folder, text)


def written(folder: Path, text: str) -> Path:
    """`text` as the folder's config.yaml."""
    (folder / "config.yaml").write_text(text, encoding="utf-8")
    return folder


def settings_in(folder: Path, **environment: str) -> Settings:
    """The settings of this folder, with changes to a good environment ("" is not set)."""
    return load_settings(ENVIRONMENT | environment, root=folder)


def complaints_in(folder: Path, **environment: str) -> list[str]:
    """What is said against this folder's file and this environment."""
    with pytest.raises(SettingsError) as error:
        settings_in(folder, **environment)
    return error.value.complaints
