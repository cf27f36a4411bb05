"""Pages for those who decide on policy: a comparison of designs, and a fund."""
