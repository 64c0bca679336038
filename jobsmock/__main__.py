"""Runs the command with `python -m jobsmock`, even if `jobsmock` is not on the PATH."""

from jobsmock.cli import main

if __name__ == "__main__":
    main()
