"""`python -m evalmark` is the command `evalmark`."""

from evalmark.cli.main import entry

if __name__ == "__main__":
    entry()
