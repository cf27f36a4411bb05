"""Tools that make pages of the documentation."""
