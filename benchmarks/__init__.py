"""The load that the helpline carries, measured beside the floor it stands on: `make bench`."""
