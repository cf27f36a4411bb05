"""The tests; a package, so that its parts can import one another by name."""
