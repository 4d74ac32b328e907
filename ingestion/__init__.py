"""Fetch files and land them: files as received, raw Glue tables over Parquet, and a control row for each attempt."""
