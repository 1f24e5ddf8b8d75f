"""Kills the real bot at every step of an action and at any moment, and looks what became of it."""
