"""The words of the shipped config.yaml, and a value for every brace there is."""

from pathlib import Path

from helpline.config.decided import Config
from helpline.config.reader import read_config
from helpline.config.yaml_file import Complaints
from helpline.words import Words

ROOT = Path(__file__).parents[2]


def _shipped() -> Config:
    complaints = Complaints("config.yaml")
    config = read_config(ROOT / "config.yaml", recordings_under=ROOT, complaints=complaints)
    assert config is not None, complaints.sentences
    return config


CONFIG = _shipped()
WORDS = Words(CONFIG)

# As long as such values are in a real valley.
VALUES: dict[str, object] = {
    "added": "Tue 10 Mar 18:00-22:00 and 4 more",
    "areas": "Hebden Bridge, Mytholmroyd, Todmorden",
    "by": "10 o'clock on Wednesday morning",
    "calls_this_week": "Third call this week.",
    "code": "4821",
    "complaint": "config.yaml, line 26: 'to' says 25:00",
    "count": 12,
    "group": "Hebden Bridge",
    "key": "4",
    "left": "120 MB",
    "listen": "1",
    "link": "https://helpline.example.org/r/3FaB4cD5eF6gH7iJ8",
    "line": "Calder Valley Neighbours",
    "lines": "Calder Valley Neighbours, Hebden Bridge Neighbours",
    "off": "4 min",
    "opens": "8 o'clock tomorrow morning",
    "ordinal": "Third",
    "pass": "2",
    "removed": "Wed 25 Nov 13:00-18:00",
    "rung_back": "1",
    "shifts": "Tue 10 Mar 18:00-22:00, Thu 12 Mar 18:00-22:00",
    "sign_in_code": "123456",
    "take": "1",
    "until": "2026-12-24",
    "volunteer": "Bob",
    "written": "Ada brings your shopping at four tomorrow, milk and all. Is that all right?",
}
