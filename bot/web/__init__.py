"""What the bot asks over HTTP; httpx only here."""
