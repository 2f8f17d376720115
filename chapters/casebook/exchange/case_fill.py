"""A case file taken up into the tables of a book."""
