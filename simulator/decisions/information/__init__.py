"""What knowing more is worth before a decision, and a measurement that is written into it."""
