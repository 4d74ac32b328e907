"""The exchange: what is particular to B3's files."""
