"""The last config.yaml with which the helpline started: kept, and used where a new one is wrong.

An edit with a slip in it must not stop the telephone, however late at night something restarts.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from helpline.config.reader import read_config
from helpline.config.yaml_file import Complaints
from helpline.settings import Settings, SettingsError, load_settings

log = logging.getLogger(__name__)


def settings_to_run_with(environ: Mapping[str, str], *, root: Path) -> Settings:
    """What a running helpline is told: as `load_settings`, or with the last good config.yaml.

    Then `config_complaints` says what is wrong with the one in place. Raises SettingsError, with
    every complaint, where the environment is at fault or where there is no last good one.
    """
    try:
        return load_settings(environ, root=root)
    except SettingsError as error:
        complaints = error.complaints
    file = root / (environ.get("HELPLINE_CONFIG", "").strip() or "config.yaml")
    kept = _kept(file, root)
    try:
        settings = load_settings({**environ, "HELPLINE_CONFIG": str(kept)}, root=root)
    except SettingsError:
        raise SettingsError(complaints) from None
    return replace(settings, config_file=file, config_complaints=tuple(complaints))


def keep(settings: Settings) -> None:
    """The helpline has started with this config.yaml: it is the last good one from now on."""
    if settings.config_complaints:
        for complaint in settings.config_complaints:
            log.error("%s", complaint)
        log.error("the last good config.yaml is used until that is mended")
        return
    kept = _kept(settings.config_file, settings.root)
    new = kept.with_suffix(".new")
    try:
        said = settings.config_file.read_bytes()
        if kept.exists() and kept.read_bytes() == said:
            return
        kept.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(said)
        # It may have been edited since it was read.
        if complaints_about(new, settings.root):
            new.unlink()
        else:
            new.replace(kept)
    except OSError as error:
        log.warning("config.yaml could not be kept as the last good one: %s", error.strerror)


def complaints_about(file: Path, root: Path) -> list[str]:
    """What is wrong with a config.yaml, a sentence each; none when it would load."""
    complaints = Complaints(file.name)
    read_config(file, recordings_under=root, complaints=complaints)
    return complaints.sentences


def _kept(file: Path, root: Path) -> Path:
    """Where the last good copy of this file is: below var/, by its whole path."""
    try:
        name = file.absolute().relative_to(root.absolute())
    except ValueError:
        name = file.absolute().relative_to(file.absolute().anchor)
    return root / "var" / "last_good" / name
