"""`python -m ingestion <domain> <entity> …`."""

from ingestion.cli import app

if __name__ == "__main__":
    app(prog_name="python -m ingestion")
