"""The Trino that executes the SQL: fetched, configured, started, watched."""
