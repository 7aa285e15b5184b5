"""Short ways to read the dashboard: a tile, a figure, the list behind it."""

FIGURE = "0123456789,.-"


class DashboardCommon:
    """To be mixed into a test class that has ``self.dashboard``."""

    def data(self, user=None, **filters):
        dashboard = self.dashboard.with_user(user) if user else self.dashboard
        return dashboard.get_data(filters)

    def tile(self, key, data=None, **filters):
        data = data or self.data(**filters)
        (tile,) = (t for group in data["tiles"] for t in group["tiles"] if t["key"] == key)
        return tile

    def figure(self, text):
        """Return a formatted amount or number as a float."""
        digits = "".join(char for char in text.replace("\xa0", "") if char in FIGURE)
        return float(digits.replace(",", ""))

    def behind(self, action):
        """Return the records of the list behind a figure, as the page opens it."""
        model = self.env[action["res_model"]].with_context(**(action.get("context") or {}))
        return model.search(action["domain"])
