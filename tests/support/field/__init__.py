"""Faults of real hosts under changed circumstances: set up, broken, looked at and put back.

`standing` says how the app stands on a host, `breaking` breaks it there, `around` lists the circumstances,
`looking` runs the checklist once, and `old_errors` writes what a healthy host may have in its logs.
"""
