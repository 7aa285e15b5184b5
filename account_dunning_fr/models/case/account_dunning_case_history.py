from odoo import api, models

from ..common.account_dunning_chronology import Event

STEPS = (
    "handover_on",
    "filed_on",
    "order_on",
    "served_on",
    "opposed_on",
    "enforceable_on",
    "executed_on",
    "closed_on",
)
SOON = 15  # days


class AccountDunningChronology(models.AbstractModel):
    _inherit = "account.dunning.chronology"

    @api.model
    def _get_sources(self):
        return [*super()._get_sources(), "_get_case_events"]

    @api.model
    def _get_case_events(self, partner, creditor, moves):
        domain = [("partner_id", "=", partner.id), ("company_id", "=", creditor.id)]
        if moves is not None:
            domain.append(("item_ids.move_id", "in", moves.ids))
        events = []
        for case in self.env["account.dunning.case"].search(domain):
            for name in STEPS:
                if not case[name]:
                    continue
                detail = [case.name, case.court_id.name if name != "handover_on" else ""]
                if name == "handover_on":
                    detail.append(case.handover_partner_id.name)
                events.append(
                    Event(
                        on=case[name],
                        kind="case",
                        title=case._get_step_title(name),
                        detail=", ".join(filter(None, detail)),
                        amount=case.amount_total if name in ("handover_on", "filed_on") else None,
                        currency=case.currency_id,
                        record=case,
                        moves=case.move_ids,
                        proofs=case.dossier_id if name == "handover_on" else None,
                    )
                )
        return events


class AccountDunningCase(models.Model):
    _inherit = "account.dunning.case"

    def _get_step_title(self, name):
        """Return a step of the procedure in words."""
        return {
            "handover_on": self.env._("Court file handed over"),
            "filed_on": self.env._("Court seized"),
            "order_on": self.env._("Decision of the court"),
            "served_on": self.env._("Order served"),
            "opposed_on": self.env._("Opposition of the debtor"),
            "enforceable_on": self.env._("Enforceable title"),
            "executed_on": self.env._("Act of execution"),
            "closed_on": self.env._("Court file closed"),
        }[name]


class AccountDunningToday(models.AbstractModel):
    _inherit = "account.dunning.today"

    @api.model
    def _get_sources(self):
        return [*super()._get_sources(), "_get_case_tasks"]

    @api.model
    def _get_case_tasks(self, creditors, today):
        return [
            self._count_task(
                creditors,
                "case_clock",
                self.env._("Court files with a term in 15 days"),
                5,
                "action_account_dunning_case",
                [("next_clock_on", "<=", f"today +{SOON}d")],
                warning=True,
            ),
            self._count_task(
                creditors,
                "case_preparation",
                self.env._("Court files in preparation"),
                60,
                "action_account_dunning_case",
                [("state", "=", "preparation")],
            ),
        ]
