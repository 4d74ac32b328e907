"""What AWS Glue's Data Catalog does and moto's does not (yet)."""
