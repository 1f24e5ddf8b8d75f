"""Measurements of one round trip to many hosts, against what people use today."""
