"""`guildhall invite`: a file of people, sent in pieces, each person a link of their own."""
