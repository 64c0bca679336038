"""`python -m jobsmock`, where the command is not on the path."""

from jobsmock.cli import main

if __name__ == "__main__":
    main()
