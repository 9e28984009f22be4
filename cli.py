"""Run stabcheck from a checkout: `python cli.py eigen --reg gp --gamma 1`."""

from stabcheck.cli import main

main()
