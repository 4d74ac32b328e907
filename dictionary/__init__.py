"""The dictionary of variables: one seed, and what is generated from it for dbt."""
