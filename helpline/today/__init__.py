"""All that a coordinator must see at a glance, each part in a file of its own."""
