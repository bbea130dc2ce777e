"""What a suspension and an expulsion are, and when they may go on."""
