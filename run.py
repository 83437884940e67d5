"""The one door to the registry: ``python run.py --help``."""

from registry.app import create_app
from registry.cli import run

if __name__ == "__main__":
    run(create_app)
