"""`python -m assessment` is the console script `attest`."""

from assessment.cli import main

if __name__ == "__main__":
    main()
