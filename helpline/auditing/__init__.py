"""The audit log as a whole: read, proven, and forgotten in time."""
