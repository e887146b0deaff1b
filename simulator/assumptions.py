"""What Twilio leaves undocumented, as switches: a good customer works with either setting."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Assumptions:
    """Each default is what field reports say, or the harder one to live with."""

    # One number of a simultaneous Dial picks up and is being screened: do the others stop?
    # (Reported: a voicemail that picked up at once ate the whole Dial.)
    first_answer_stops_the_rest: bool = True
    # A sequential Dial whose callee picked up and refused in the screening goes on to the next?
    sequential_goes_on_after_refusal: bool = False
    # The caller hangs up during a Dial, a Record, an Enqueue: is the action still requested?
    action_after_hang_up: bool = True
    # A call that is redirected by REST during a Dial: is the old action still requested (and
    # its answer ignored)? Reported.
    late_action_after_redirect: bool = True
    # The `completed` callback of a leg before the Dial action, or a second after it?
    completed_before_action: bool = True
    # A Record in which nobody said or pressed anything: does the call go on with the next verb,
    # and no action is requested? So Twilio's page said for years; today's no longer says it.
    empty_recording_falls_through: bool = False
    # How long after a recording's callback its sound can be fetched; until then 404. Reported
    # to lag now and then.
    media_lags_seconds: float = 0.0
    # A text to a landline: refused at once (21614), or accepted and `undelivered` (30006)?
    landline_texts_refused_at_once: bool = False
    # Calls by REST start at this rate; the rest stay queued. Twilio's default is 1 a second.
    calls_per_second: float = 1.0
    # Does a text end as `sent`, from a carrier without receipts, or as `delivered`?
    carriers_send_receipts: bool = True
