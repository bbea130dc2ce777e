"""What a request costs at the door: reads through the gateway, beside bare peers, in one run."""
