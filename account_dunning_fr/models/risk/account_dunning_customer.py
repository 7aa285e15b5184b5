from odoo import api, models
from odoo.tools import format_amount, format_date

from ..common.account_dunning_customer import CustomerPart
from ..common.marks import tells

TONES = {"D": "warning", "E": "danger"}


class AccountDunningCustomer(models.AbstractModel):
    """The customer's class, limit and last checks."""

    _inherit = "account.dunning.customer"

    @api.model
    @tells
    def _get_risk_parts(self, partner, creditors, today):
        if not self.env.user.has_group("account_dunning_fr.group_use_risk"):
            return []
        risks = self.env["account.dunning.risk"].search(self._get_ours(partner, creditors))
        rows = []
        for risk in risks:
            if risk.letter:
                rows.append(
                    self._prepare_row(
                        self.env._("Class %s", risk.letter),
                        record=risk,
                        detail=risk.reason_text.partition("\n")[0],
                        value=risk.why_to_check,
                        tone=TONES.get(risk.letter, ""),
                    )
                )
            if risk.has_limit:
                rows.append(
                    self._prepare_row(
                        self.env._("Limit granted"),
                        record=risk,
                        detail=risk.granted_by.name or "",
                        value=format_amount(self.env, risk.limit_granted, risk.currency_id),
                        tone="danger" if risk.is_over else "",
                    )
                )
        rows += [
            self._prepare_row(
                check.result.partition("\n")[0],
                record=check,
                detail=check.source_name or "",
                value=format_date(self.env, check.on),
            )
            for check in self.env["account.dunning.check"].search(
                self._get_ours(partner, creditors), limit=3
            )
        ]
        return [CustomerPart("risk", self.env._("Risk"), rows, sequence=60)]
