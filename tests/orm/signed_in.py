"""For tests whose users sign in and call the server as the web client does."""


class SignedIn:
    """Must precede Odoo's classes, whose settings it changes."""

    freeze_time = None  # a session of another day would be dropped
    test_cursor_lock_timeout = 60

    def post(self, model, method, args, kwargs=None):
        """Call a method as the web client does, and return the HTTP response."""
        return self.opener.post(
            f"{self.base_url()}/web/dataset/call_kw/{model}/{method}",
            json={
                "jsonrpc": "2.0",
                "method": "call",
                "params": {"model": model, "method": method, "args": args, "kwargs": kwargs or {}},
            },
            timeout=60,
        )
