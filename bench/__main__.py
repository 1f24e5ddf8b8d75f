"""`python -m bench`: what `make bench` runs."""

from bench.ssh_fanout import main

if __name__ == "__main__":
    main()
