"""What is known of one person: gathered and handed to them, or erased."""
