"""`python -m bot` is `runbook-bot`."""

from bot.cli import main

if __name__ == "__main__":
    main()
