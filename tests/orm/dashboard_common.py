"""Shortcuts to read the dashboard: a tile, a figure, the list behind it."""

FIGURE = "0123456789,.-"
# Sections of the page other than its figures, and the part that contains each.
PART_OF = {
    **dict.fromkeys(("tiles", "holds", "cases", "registered"), "more"),
    **{name: name for name in ("customers", "curves", "forecast", "tasks", "penalties")},
    "steps": "acts",
}


class Page(dict):
    """The page as shown: its other parts are requested when they are read."""

    def __init__(self, dashboard, filters):
        super().__init__(dashboard.get_data(filters))
        self._ask = lambda part: dashboard.get_part(part, filters)

    def __missing__(self, name):
        self.update(self._ask(PART_OF[name]))
        return self[name]


class DashboardCommon:
    """Mixin for test classes with ``self.dashboard``."""

    def data(self, user=None, **filters):
        return Page(self.dashboard.with_user(user) if user else self.dashboard, filters)

    def tile(self, key, data=None, **filters):
        """Return a figure of the page, or one of its folded tiles."""
        data = data or self.data(**filters)
        shown = [each for each in data["figures"] if each["key"] == key]
        (tile,) = shown or (t for group in data["tiles"] for t in group["tiles"] if t["key"] == key)
        return tile

    def figure(self, text):
        """Return a formatted amount or number as a float."""
        digits = "".join(char for char in text.replace("\xa0", "") if char in FIGURE)
        return float(digits.replace(",", ""))

    def behind(self, action):
        """Return the records of the list behind a figure, as opened by the page."""
        model = self.env[action["res_model"]].with_context(**(action.get("context") or {}))
        return model.search(action["domain"])
