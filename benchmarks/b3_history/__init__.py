"""What a day costs after one year and after ten, and what a year of real size costs."""
