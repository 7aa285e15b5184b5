"""What SQL does in the addon, as plain rules: the tests compare both."""
