"""`python -m stabcheck`."""

from stabcheck.cli.app import main

main()
