from odoo import api, models

from ..common.account_dunning_shortcut import MANAGER, Shortcut
from ..common.marks import tells

INSURED = "account_dunning_fr.group_use_insurance"
FACTORING = "account_dunning_fr.group_use_factoring"
AGENCIES = "account_dunning_fr.group_use_agencies"


class AccountDunningShortcut(models.AbstractModel):
    _inherit = "account.dunning.shortcut"

    @api.model
    @tells
    def _get_insurance_shortcuts(self):
        if not self.env.user.has_group(INSURED):
            return []
        return [
            Shortcut(
                "lists",
                self.env._("Insured items overdue"),
                "action_account_dunning_insured",
                self.env._("What is to be told to the insurer, and until when"),
            ),
            Shortcut(
                "lists",
                self.env._("Decisions of the insurer"),
                "action_account_dunning_cover",
                self.env._("Limit or refusal by customer; outstanding, covered, uncovered"),
            ),
            Shortcut(
                "start",
                self.env._("Contracts of credit insurance"),
                "action_account_dunning_insurance",
                self.env._("Their delays, as each contract sets them"),
                MANAGER,
            ),
        ]

    @api.model
    @tells
    def _get_assignment_shortcuts(self):
        user = self.env.user
        factoring = self._get_factoring_shortcuts() if user.has_group(FACTORING) else []
        return [*factoring, *(self._get_agency_shortcuts() if user.has_group(AGENCIES) else [])]

    @api.model
    def _get_factoring_shortcuts(self):
        return [
            Shortcut(
                "lists",
                self.env._("Remittances to a factor"),
                "action_account_dunning_assignment_factor",
                self.env._("What is assigned, who chases it, and what came back"),
            ),
            Shortcut(
                "lists",
                self.env._("Import remittances"),
                "action_account_dunning_assignment_import",
                self.env._("The list of a factor, in CSV"),
                MANAGER,
            ),
            Shortcut(
                "law",
                self.env._("Sentences on assignments"),
                "action_account_dunning_assignment_wording",
                self.env._("What tells a debtor that he pays the factor"),
            ),
        ]

    @api.model
    def _get_agency_shortcuts(self):
        return [
            Shortcut(
                "lists",
                self.env._("Items entrusted to an agency"),
                "action_account_dunning_assignment_agency",
                self.env._("What is entrusted, what it received and what it costs"),
            ),
            Shortcut(
                "lists",
                self.env._("Conventions with agencies"),
                "action_account_dunning_convention",
                self.env._("What the law asks them to say, and the letter of the agency"),
            ),
            Shortcut(
                "lists",
                self.env._("Receipts of agencies"),
                "action_account_dunning_agency_receipt",
                self.env._("Month by month, with the commission and the cost per euro"),
            ),
            Shortcut(
                "lists",
                self.env._("Import the month of an agency"),
                "action_account_dunning_agency_import",
                self.env._("Date, invoice, amount and commission, in CSV"),
                MANAGER,
            ),
        ]
