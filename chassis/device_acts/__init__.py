"""What a device signed, as each service kept it: listed and handed out to the device's own member."""
