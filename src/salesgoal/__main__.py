"""Runs the command as ``python -m salesgoal``."""

from salesgoal.cli.main import main

if __name__ == "__main__":
    main()
