"""TwiML as text: reading it, and what may stand in it."""
