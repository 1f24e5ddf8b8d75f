"""Programs for people who work on the bot; not installed with it."""
