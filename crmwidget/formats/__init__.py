"""What a map is read from and written to."""
