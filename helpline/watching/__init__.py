"""Whether the house itself is well: signs of life, troubles, measures, the test call."""
