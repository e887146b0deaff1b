"""config.yaml, and the environment beside it: read, checked, and every complaint at once."""
