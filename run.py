"""The one door to the registry: ``python run.py --help``."""

from registry.cli import main

if __name__ == "__main__":
    main()
