"""Writes a turn as TwiML, with Twilio's own builders; the one place that knows its verbs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from helpline.config.limits import Reach
from helpline.telephony import NotAllowed
from helpline.words import Spoken

# "A fifth of over-65s could not get through any of four real phone menus": they need longer.
SECONDS_TO_ANSWER = 8
# Who has said hello waits for us to answer.
SECONDS_AFTER_SPEECH = 2
# A volunteer has the telephone in their hand.
SECONDS_TO_ACCEPT = 6
# Twilio adds five seconds of its own to every Dial (docs/voice/twiml/dial).
DIAL_BUFFER_SECONDS = 5
SHORTEST_DIAL_SECONDS = 5
# Webhooks may come twice, so Twilio is asked to try again where a request of its fails.
RETRY = "#rc=2&rp=ct,rt,5xx"


@dataclass(frozen=True, slots=True)
class Links:
    """Writes the absolute addresses of our own webhooks."""

    base: str

    def to(self, path: str, **query: object) -> str:
        """The address of a path, with what else it should tell us."""
        asked = urlencode({key: value for key, value in query.items() if value})
        return f"{self.base}{path}" + (f"?{asked}" if asked else "") + RETRY


def say_and_hang_up(said: Sequence[Spoken], links: Links) -> str:
    """The last words of a call."""
    response = VoiceResponse()
    _speak(response, said, links)
    response.hangup()
    return str(response)


def ask_for_key(
    said: Sequence[Spoken], action: str, seconds: int, links: Links, *, hears_voice: bool = False
) -> str:
    """Say something and wait for one key, which may be pressed before all is said.

    With `hears_voice` for a voice as well, in the language of what is said. Twilio asks more money
    for listening, by the quarter of a minute.
    """
    twiml = _asking(tuple(said), seconds, links, hears_voice=hears_voice)
    return _filled(twiml, action=action)


@lru_cache(maxsize=256)
def _asking(said: tuple[Spoken, ...], seconds: int, links: Links, *, hears_voice: bool) -> str:
    response = VoiceResponse()
    gather = _gather(response, _gap("action"), seconds)
    if hears_voice:
        gather.attrs |= {
            "input": "dtmf speech",
            "language": said[-1].accent,
            "speechTimeout": SECONDS_AFTER_SPEECH,
        }
    _speak(gather, said, links)
    # Only where a network does not call the action for silence.
    response.redirect(_gap("action"))
    return str(response)


def record(
    said: Sequence[Spoken],
    action: str,
    recording_done: str,
    longest_seconds: int,
    pause_seconds: int,
    links: Links,
    *,
    keys: bool,
) -> str:
    """Say something, sound the tone and record; any key ends it. With `keys`, before the tone too.

    That takes a second more: without, the tone comes as soon as all is said.
    """
    response = VoiceResponse()
    if keys:
        # No answer falls through to the tone: this Gather must not call its action for silence.
        gather = Gather(
            num_digits=1, timeout=1, finish_on_key="", action=action, action_on_empty_result=False
        )
        _speak(gather, said, links)
        response.append(gather)
    else:
        _speak(response, said, links)
    response.record(
        action=action,
        timeout=pause_seconds,
        max_length=longest_seconds,
        play_beep=True,
        # So that silence alone lasts no time, and is told from a message.
        trim="trim-silence",
        recording_status_callback=recording_done,
        recording_status_callback_event="completed absent",
    )
    response.redirect(action)
    return str(response)


def ring_one(
    said: Sequence[Spoken],
    *,
    number: str,
    reach: Reach,
    line_number: str,
    seconds: int,
    action: str,
    whisper: str,
    progress: str | None,
    links: Links,
) -> str:
    """Ring one telephone, showing the line's number; whoever picks up is asked first.

    Raises NotAllowed for one that `reach` does not allow: whoever asks has looked before.
    """
    if not reach.allows(number):
        raise NotAllowed
    timeout = max(SHORTEST_DIAL_SECONDS, seconds - DIAL_BUFFER_SECONDS)
    twiml = _ringing(tuple(said), timeout, links, tells=progress is not None)
    return _filled(
        twiml,
        number=number,
        line_number=line_number,
        action=action,
        whisper=whisper,
        progress=progress or "",
    )


@lru_cache(maxsize=256)
def _ringing(said: tuple[Spoken, ...], timeout: int, links: Links, *, tells: bool) -> str:
    response = VoiceResponse()
    _speak(response, said, links)
    dial = Dial(
        action=_gap("action"),
        caller_id=_gap("line_number"),
        timeout=timeout,
        answer_on_bridge=True,
    )
    dial.number(
        _gap("number"),
        url=_gap("whisper"),
        status_callback=_gap("progress") if tells else None,
        status_callback_event="answered completed",
    )
    response.append(dial)
    return str(response)


# What somebody waits to hear is written by the builders once, with gaps for what differs from call
# to call: they take a fifth of a millisecond, and the same words come again and again.


def _gap(name: str) -> str:
    # Letters for private use: no prompt and no address has them.
    return f"\ue000{name}\ue001"


def _filled(twiml: str, **gaps: str) -> str:
    for name, value in gaps.items():
        twiml = twiml.replace(_gap(name), escape(value, {'"': "&quot;"}))
    return twiml


def wait_in_queue(queue: str, action: str, waiting: str) -> str:
    """Let the caller wait where whoever presses 1 first will find them; `waiting` speaks to them.

    Twilio fails a Dial into a queue in which nobody has ever been, so they go there at once.
    """
    response = VoiceResponse()
    response.enqueue(queue, action=action, wait_url=waiting)
    return str(response)


def keep_waiting(said: Sequence[Spoken], pause_seconds: int, links: Links) -> str:
    """A while of waiting; the network asks again at its end."""
    response = VoiceResponse()
    _speak(response, said, links)
    response.pause(length=pause_seconds)
    return str(response)


def stop_waiting() -> str:
    """Take the caller out of the queue, to where the Enqueue's action leads."""
    response = VoiceResponse()
    response.leave()
    return str(response)


def press_and_stay(before: int, key: str, after: int) -> str:
    """A test call's end of the line: wait, press a key, wait again, and hang up; in seconds."""
    response = VoiceResponse()
    response.pause(length=before)
    response.play(digits=key)
    response.pause(length=after)
    response.hangup()
    return str(response)


def put_through() -> str:
    """The end of a whisper: Twilio then bridges the two calls."""
    return str(VoiceResponse())


def fetch_from_queue(said: Sequence[Spoken], queue: str, action: str, links: Links) -> str:
    """Put the volunteer through to the caller who waits there."""
    response = VoiceResponse()
    _speak(response, said, links)
    dial = Dial(action=action, timeout=SHORTEST_DIAL_SECONDS)
    dial.queue(queue)
    response.append(dial)
    return str(response)


def try_again(said: Sequence[Spoken], same_step: str, links: Links) -> str:
    """Something failed: a sentence, a breath, and the same step once more."""
    response = VoiceResponse()
    _speak(response, said, links)
    response.pause(length=1)
    response.redirect(same_step)
    return str(response)


def ring_elsewhere(
    said: Sequence[Spoken], number: str, line_number: str, otherwise: Sequence[Spoken]
) -> str:
    """For the provider to keep, for when our server is gone: ring a telephone that is not ours.

    It asks nothing of us: recorded prompts are spoken, and nobody is told how it ended.
    """
    response, ours = VoiceResponse(), Links("")
    _speak(response, [replace(each, recording=None) for each in said], ours)
    dial = Dial(caller_id=line_number, timeout=30)
    dial.number(number)
    response.append(dial)
    _speak(response, [replace(each, recording=None) for each in otherwise], ours)
    return str(response)


def nothing() -> str:
    """An answer that does nothing: for whispers that only speak, texts, and duplicates."""
    return str(VoiceResponse())


def whisper(said: Sequence[Spoken], links: Links) -> str:
    """A few words to one side, before the two are put through."""
    response = VoiceResponse()
    _speak(response, said, links)
    return str(response)


def _gather(response: VoiceResponse, action: str, seconds: int) -> Gather:
    gather = Gather(
        num_digits=1,
        timeout=seconds,
        # Every key is an answer, # too.
        finish_on_key="",
        action=action,
        action_on_empty_result=True,
    )
    response.append(gather)
    return gather


def _speak(verb: Any, said: Sequence[Spoken], links: Links) -> None:
    for words in said:
        if words.recording:
            verb.play(
                words.recording
                if words.recording.startswith("https://")
                else f"{links.base}/prompts/{words.recording.removeprefix('recordings/')}"
            )
        else:
            say = verb.say(voice=words.voice, language=words.accent)
            say.prosody(words.text, rate=words.rate)
