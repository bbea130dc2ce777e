"""`guildhall doctor`: what is set, what is off, what is unsafe, and how to mend each."""
