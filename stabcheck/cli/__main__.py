"""`python -m stabcheck.cli`."""

from stabcheck.cli.app import main

main()
