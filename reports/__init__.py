"""Pages for people, from the lake's refined tables, each one HTML file that needs no network."""
