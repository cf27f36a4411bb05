"""docs/guarantee-funds.md: a page whose figures come from three runs, and are never typed."""
