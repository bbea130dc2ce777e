"""What operators do with events: look on, list what is parked, try it again, let a group begin anew."""
