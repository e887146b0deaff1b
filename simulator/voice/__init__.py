"""Calls as they are lived: legs, and the TwiML that runs on them."""
