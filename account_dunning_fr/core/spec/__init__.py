"""What the addon does in SQL, as plain rules in Python: the tests compare both."""
