"""Chapters that several readers' reports share."""
