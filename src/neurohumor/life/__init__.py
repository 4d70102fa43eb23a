"""What a person is and what happens to a body."""
