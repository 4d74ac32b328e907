"""A month's file of invoices to Parquet: ours beside what others do."""
