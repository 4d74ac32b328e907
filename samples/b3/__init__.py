"""B3's files, with invented prices."""
