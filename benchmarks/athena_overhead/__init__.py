"""What the local Athena adds to the Trino behind it."""
