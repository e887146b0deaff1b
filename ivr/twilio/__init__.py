"""The only folder that speaks Twilio."""
