"""Cards: monthly files of invoices and payments."""
