"""Frozen values the whole bot speaks in; standard library only."""
