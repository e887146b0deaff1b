"""What input is made of, kind by kind: whatever is fed to a parser begins with these."""

from datetime import date, time
from pathlib import Path

ROOT = Path(__file__).parents[2]

ROTA = [
    ("days", "from", "to", "volunteers", "starting", "ending"),
    ("Mon-Fri", time(8), time(13), "Ada; Bob", date(2026, 3, 3), ""),
]
SHIFTS = "date,day,from,to,name,group\n2026-03-27,Fri,08:00,13:00,Ada,Hebden Bridge\n"
LOADED = """\
lines:
  - {number: "+441632960000", name: Valley, groups: [Hebden Bridge]}
groups:
  - name: Hebden Bridge
    timezone: Europe/London
    postcodes: [HX7]
    volunteers:
      - {name: Ada, number: "+447700900101", coordinator: yes, languages: [en, pl]}
    rota:
      - {days: Mon-Fri, from: "08:00", to: "13:00", volunteers: [Ada], counted from: 2026-01-05}
"""
EDITS = (
    '[{"kind": "PutOn", "shift": {"pattern": 1, "on": "2026-03-09"}, "volunteer": 1}]',
    '[{"kind": "TakeLeave", "volunteer": 1, "first": "2026-03-09", "last": "2026-03-12"}]',
    '[{"kind": "AddShift", "on": "2026-03-09", "start": "08:00", "end": "12:00", '
    '"volunteers": [1]}]',
    '[{"kind": "NewPattern", "days": "Mon", "start": "08:00", "end": "12:00", "volunteers": [1], '
    '"starts_on": "2026-03-09", "ends_on": null}]',
)
OF_EDITS = ('{"kind": "', "EndPattern", '"pattern": ', '"on": "', "2026-03-09", "null", "[", "}")
FORM = """CallStatus
completed
DialCallStatus
no-answer
DialBridged
true
QueueResult
bridged
Digits
1#*
SpeechResult
hello
RecordingUrl
https://x/RE00000000000000000000000000000000
RecordingSid
RE
RecordingDuration
7
RecordingStatus
absent
CallDuration
60
MessageStatus
undelivered
ErrorCode
30003
NumMedia
2
Body
HX7 please
From
anonymous"""
PATTERNS = "Mon-Fri,;&– Sat Sun first last 2nd and of the month every other 3 weeks Tue on "
PATTERNS += "counted from 2026-01-05 daily weekends co drugi tydzień we wtorek pierwszy 08:00 24.00"
TWIML = (
    '<Say voice="Polly.Amy" language="pl-PL" loop="2">a<break time="1s"/>b</Say>',
    '<Gather action="/x" numDigits="1" timeout="5"><Say/><Pause length="1"/></Gather>',
    '<Gather input="dtmf speech" speechTimeout="auto" bargeIn="false"><Play>/z</Play></Gather>',
    '<Dial timeout="20" callerId="+441632960000"><Number url="/w">+447700900101</Number></Dial>',
    '<Record maxLength="180"/><Enqueue waitUrl="/w">q</Enqueue><Redirect>/y</Redirect><Hangup/>',
    "<Message to='+447700900501'><Body>hello</Body></Message><Reject/><!-- --><![CDATA[x]]>&amp;",
)
OF_TWIML = (
    "<Say ",
    "<Gather ",
    "<Dial>",
    "</Dial>",
    "<Number ",
    "/>",
    ' timeout="',
    "&lt;",
    "<!--",
)


def sections(text: str) -> tuple[str, ...]:
    """A YAML file's parts, so that each is a seed of its own."""
    found: list[str] = []
    for line in text.splitlines(keepends=True):
        if line[:1].isalpha() or not found:
            found.append("")
        found[-1] += line
    return tuple(found)


CONFIG = sections((ROOT / "config.yaml").read_text("utf-8"))
