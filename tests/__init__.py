"""The tests, by folder: each folder's name is the marker of what lies in it."""
