"""Who could help with an ask: found, asked once, and what they answered."""
