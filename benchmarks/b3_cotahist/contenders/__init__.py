"""The contenders: modules with a `prepare(path)` that returns the work, a function that returns its rows.

Each imports what it needs, and nothing of the others': one runs in an environment of its own, and memory is
measured with what a contender itself has to import.
"""
