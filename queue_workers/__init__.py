"""The work that nobody should wait for: RQ jobs, the worker and the clock."""
