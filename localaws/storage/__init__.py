"""What stays when the server ends: S3's objects and the catalog, in a data folder."""
