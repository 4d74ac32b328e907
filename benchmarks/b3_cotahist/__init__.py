"""COTAHIST text to Parquet."""
