"""Source files in their true formats, made from a seed; dirt on request. Never imported by the product."""
