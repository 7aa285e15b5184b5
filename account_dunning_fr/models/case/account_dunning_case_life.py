from odoo import api, fields, models

from .account_dunning_case_course import SEALED_DATES


class AccountDunningCase(models.Model):
    _inherit = "account.dunning.case"

    @api.model_create_multi
    def create(self, vals_list):
        cases = super().create(vals_list)
        cases._sync_clocks()
        return cases

    def write(self, vals):
        before = {case.id: case.state for case in self}
        result = super().write(vals)
        moved = self.filtered(lambda case: case.state != before[case.id])
        for case in moved:
            if before[case.id] == "preparation":
                case._leave()
            elif case.state == "preparation":
                case._come_back()
        stayed = (self - moved)._has_left()
        if SEALED_DATES.intersection(vals):
            stayed._seal()  # a day or an agent typed by mistake was corrected
        if any(isinstance(self._fields[name], fields.Date) for name in vals) or {
            "personal_service",
            "order_result",
            "item_ids",
            "route",
            "merchant",
        }.intersection(vals):
            self._sync_clocks()
        return result
