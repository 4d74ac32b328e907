"""The book of variables: what a month of it costs, beside other ways to the same columns."""
