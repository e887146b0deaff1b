"""The people of a group: how they join, what is changed about them, how they leave."""
