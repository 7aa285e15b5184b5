"""The SQL of the dashboard, in parts named after their steps."""
