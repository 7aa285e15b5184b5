"""What no test of pytest can do: killed processes, other modules beside, updates at scale."""
