"""The contenders: modules with a `prepare(path)` that returns the work, a function that returns its rows.

Each imports what it needs and nothing of the others', since memory is measured with what it imports.
"""
