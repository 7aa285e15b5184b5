"""What no test of pytest can do: killed processes, cut connections, updates at scale."""
