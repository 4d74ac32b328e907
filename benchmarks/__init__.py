"""What it costs, measured: ours beside what others do, in one run, on the same rows."""
