"""Cleans what hosts say in processes apart: a costly output keeps nobody waiting, and is given up in time."""

from bot.cleaning.apart import CleanersApart

__all__ = ["CleanersApart"]
