"""The scenario language: reading, checking and spelling out scenario files.

`load` is the door: what passes it is a frozen `Scenario` that nothing below checks again.
"""
