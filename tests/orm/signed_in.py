"""What tests share whose users sign in and call the server as the web client does."""


class SignedIn:
    """Comes before the classes of Odoo, whose settings it changes."""

    freeze_time = None  # a session of another day is dropped
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
