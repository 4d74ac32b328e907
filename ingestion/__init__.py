"""Fetch files and land them: kept as received, as raw Glue tables over Parquet, a control row."""
