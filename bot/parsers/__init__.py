"""One command's output becomes one frozen fact; a line that cannot be read is kept, never guessed at."""
