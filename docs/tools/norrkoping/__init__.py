"""docs/norrkoping.md from the commands that it shows."""
