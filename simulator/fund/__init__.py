"""Funds and other public support for a pipeline of contracts: who gains from each krona.

`model` is the language of a fund file, `results` what a run leaves behind.
"""
