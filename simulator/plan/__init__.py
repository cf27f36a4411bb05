"""The staircase: from a scenario's words to flat, read-only arrays."""
