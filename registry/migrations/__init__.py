"""The history of both databases' tables: one line of revisions, each with two halves."""
