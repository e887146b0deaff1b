"""The core: what the helpline knows and decides."""
