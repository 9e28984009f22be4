"""What follows."""
