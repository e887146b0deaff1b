"""The rules of the shipped config.yaml, for the flows that it shapes."""

from dataclasses import replace
from random import Random

from helpline.config.decided import Config, Menu
from helpline.rules import Rules
from helpline.words import Words
from tests.words.shipped import CONFIG


def rules(config: Config = CONFIG) -> Rules:
    """The rules of a configuration, the shipped one unless told otherwise."""
    return Rules(config, Words(config), Random(1))


def with_menu(talk: str, offer: str, message: str) -> Rules:
    """The shipped rules, with other keys."""
    return rules(replace(CONFIG, menu=Menu(talk, offer, message)))
