"""What each command of the terminal does; `bot.cli` says how it is typed.

Each gives the exit status. Modules apart so that a command loads only what it needs.
"""
