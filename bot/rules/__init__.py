"""Facts become findings: one cause, one file, one function, the same name as in the reference.

Modules that begin with `_` are the rules' shared vocabulary.
"""
