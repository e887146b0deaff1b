"""Callers and volunteers who do whatever comes to mind: they always hear a way on, or an end."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from helpline.areas import Area
from helpline.telephones.call_state import CallState
from ivr import engine
from ivr.engine import Heard, Sound, Turn
from ivr.facts import Facts
from ivr.flows import flows
from ivr.speaking import spoken
from ivr.steps import Connect, Flow, Record, Ring
from tests.flows.rules import rules
from tests.words.shipped import CONFIG

RULES = rules()
CALL, VOLUNTEER, *_ = flows(RULES)
AT = datetime(2026, 3, 3, 10, tzinfo=UTC)
AREAS = tuple(
    Area(number, name, "HX7", "Europe/London", 0)
    for number, name in enumerate(("Hebden Bridge", "Todmorden"), start=1)
)
STATE = CallState(1, AT, line_id=1, line_name="Calder Valley Neighbours", caller_id=1)

# What a caller may hear last: somebody, a promise, thanks, or a plain goodbye.
LAST_WORDS = {
    "after_talk",
    "blocked",
    "goodbye_silent",
    "message_thanks",
    "message_thanks_withheld",
    "offer_thanks",
    "rung_back_thanks",
    "unknown_line",
}
# The longest way that silence takes: to an offer, back to a person, nobody, a message, goodbye.
TURNS_OF_SILENCE = 6

keys = st.sampled_from([*"0123456789*#"]).map(lambda key: Heard(Sound.KEYS, key))
heard_anywhere = st.one_of(
    keys, st.sampled_from([Heard(sound) for sound in Sound if sound is not Sound.KEYS])
)
callers_facts = st.builds(
    Facts,
    is_blocked=st.booleans(),
    rings_too_often=st.booleans(),
    seems_robot=st.booleans(),
    is_known_line=st.booleans(),
    knows_area=st.booleans(),
    has_number=st.booleans(),
    is_open=st.booleans(),
    areas=st.just(AREAS),
)
volunteers_facts = st.builds(
    Facts, caller_waits=st.booleans(), is_free_to_take=st.booleans(), is_callback=st.booleans()
)


class Conversation:
    """One conversation with the engine alone, and all that was said and wanted in it."""

    def __init__(self, flow: Flow, facts: Facts) -> None:
        self.flow, self.facts = flow, facts
        self.said: list[str] = []
        self.wanted: list[str] = []
        self.turn = self._take(engine.begin(flow, facts))

    @property
    def is_over(self) -> bool:
        return self.turn.waits is None

    def hear(self, heard: Heard) -> None:
        """What comes back from the other side."""
        turn = engine.answer(self.flow, self.turn.step or "", heard, self.facts, self.turn.tries)
        self.turn = self._take(turn)

    def fall_silent(self) -> None:
        """Nothing is heard, nobody comes, and nobody picks up."""
        nobody = {Ring: Sound.NOBODY, Connect: Sound.NOT_TAKEN}
        self.hear(Heard(nobody.get(type(self.turn.waits), Sound.SILENCE)))

    def _take(self, turn: Turn) -> Turn:
        self.wanted += [want.name for want in turn.wants]
        self.said += [prompt.name for prompt in turn.says]
        if "remember_area" in self.wanted:
            self.facts = replace(self.facts, knows_area=True)
        self._is_in_words(turn)
        return turn

    def _is_in_words(self, turn: Turn) -> None:
        """Everything that is said can be said, in every language, with all its braces filled."""
        promised = {"owe_callback", "confirm_callback", "keep_message"} & set(self.wanted)
        state = STATE._replace(
            group_name="Hebden Bridge" if self.facts.knows_area else None,
            callback_due_at=AT + timedelta(hours=1) if promised else None,
        )
        for language in CONFIG.languages:
            for words in spoken(turn, state, RULES, AT, language.key):
                assert words.text
                assert "{" not in words.text


@given(callers_facts, st.data())
def test_a_caller_always_gets_a_person_a_promise_or_a_goodbye(
    facts: Facts, data: st.DataObject
) -> None:
    call = Conversation(CALL, facts)
    for _ in range(data.draw(st.integers(0, 12))):
        if call.is_over:
            break
        call.facts = replace(call.facts, is_open=data.draw(st.booleans()))
        call.hear(data.draw(heard_anywhere))

    for _ in range(TURNS_OF_SILENCE):
        if not call.is_over:
            call.fall_silent()

    assert call.is_over, "somebody who says nothing more is let go"
    assert call.said[-1] in LAST_WORDS
    assert call.turn.says, "nobody is hung up on without a word"
    _was_looked_after(call)


def _was_looked_after(call: Conversation) -> None:
    """What was promised is about a request that was logged, and 999 was named to who needs it."""
    for want in ("owe_callback", "confirm_callback", "keep_message"):
        if want in call.wanted:
            assert call.wanted.index("log_ask") < call.wanted.index(want)
    if "keep_offer" in call.wanted:
        assert call.wanted.index("log_offer") < call.wanted.index("keep_offer")
    if "please_hold" in call.said:
        assert call.said.index("not_999") < call.said.index("please_hold")
        assert "log_ask" in call.wanted


@given(volunteers_facts, st.data())
def test_only_a_pressed_1_puts_a_volunteer_through(facts: Facts, data: st.DataObject) -> None:
    leg = Conversation(VOLUNTEER, facts)
    while not leg.is_over:
        heard = data.draw(heard_anywhere)
        is_asked = not isinstance(leg.turn.waits, Connect)
        leg.hear(heard)
        if isinstance(leg.turn.waits, Connect):
            assert is_asked
            assert heard.keys == "1"
            assert facts.caller_waits
            assert facts.is_free_to_take
            assert leg.wanted[-1] == "take_call"
    assert leg.turn.says


@given(callers_facts)
def test_a_message_is_taken_wherever_somebody_speaks(facts: Facts) -> None:
    """Whoever speaks after the tone has left words that a neighbour will hear."""
    for step, waiting in CALL:
        if isinstance(waiting, Record):
            turn = engine.answer(CALL, step, Heard(Sound.RECORDING), facts)
            assert {"keep_message", "keep_offer"} & {want.name for want in turn.wants}, step
