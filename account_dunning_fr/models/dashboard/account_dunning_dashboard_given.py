from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.checks import FIRST_YEAR, LAST_YEAR


class AccountDunningDashboard(models.AbstractModel):
    """What a page gives to the dashboard: it comes from a browser, and may be anything."""

    _inherit = "account.dunning.dashboard"

    @api.model
    def _get_day(self, value):
        """Return a day that was asked for, or None.

        :raise UserError: what is no date, or a year that no books reach
        """
        try:
            day = fields.Date.to_date(value or None)
        except (TypeError, ValueError):
            day = False
        if day is False or (day and not FIRST_YEAR < day.year <= LAST_YEAR):
            raise UserError(self.env._("This date is not possible. Check the year."))
        return day

    @api.model
    def _get_id(self, value):
        """Return the id of a record that was chosen; what is none filters nothing."""
        chosen = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31
        return value if chosen else 0

    @api.model
    def _get_known(self, value, known):
        return value if value in known else False
