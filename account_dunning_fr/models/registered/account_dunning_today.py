from odoo import api, fields, models

from ..common.account_dunning_facts import BILLING
from ..common.account_dunning_today import Act, Card, Counted, News
from ..common.marks import tells_acts, tells_carded, tells_cards, tells_news
from .account_dunning_registered import RETURNED

REGISTERED = "account.dunning.registered"
RETURNED_RANK, POSTING_RANK, RECEIPT_RANK = 25, 45, 55  # see ``Act.rank``
# Letters sent to a wrong address, until somebody has dealt with them.
MISADDRESSED = [("state", "=", "wrong_address"), ("activity_ids", "!=", False)]
RETURNED_ON = ("refused_on", "unclaimed_on", "wrong_address_on")


class AccountDunningToday(models.AbstractModel):
    _inherit = "account.dunning.today"

    @api.model
    @tells_cards
    def _get_registered_cards(self, creditors, today):
        buttons = ()
        if self.env.user.has_group(BILLING):
            enter = {"label": self.env._("Print and number"), "model": REGISTERED}
            method = "action_enter_today"
            buttons = ({**enter, "method": method, "only": method, "hotkey": "r"},)
        return [Card("registered", self.env._("Registered letters"), "fa-certificate", 25, buttons)]

    @api.model
    @tells_acts
    def _get_registered_acts(self, creditors, today):
        """List the letters to post or to number, those returned, and the missing receipts."""
        letters = self.env[REGISTERED]
        kinds = (
            (
                RETURNED_RANK,
                MISADDRESSED,
                self.env._("wrong address"),
                self.env._("Correct the address"),
                "",
            ),
            (
                POSTING_RANK,
                [("waiting_for", "in", ("posting", "number"))],
                self.env._("to print, number and post"),
                self.env._("Print and number"),
                "action_enter_today",
            ),
            (
                RECEIPT_RANK,
                letters._get_receipt_overdue_domain(today),
                self.env._("receipt missing"),
                self.env._("Look for it"),
                "",
            ),
        )
        ours, may = [("company_id", "in", creditors.ids)], self.env.user.has_group(BILLING)
        any_of = fields.Domain.OR(domain for _rank, domain, *_words in kinds)
        found = letters.search(any_of & fields.Domain(ours))
        return [
            Act(
                card="registered",
                partner_id=letter.partner_id.id,
                creditor_id=letter.company_id.id,
                rank=rank,
                label=self.env._("Registered letter"),
                model=REGISTERED,
                ids=(letter.id,),
                method=method if may else "",
                button=button if may else "",
                amount=letter.amount_total,
                detail=detail,
            )
            for rank, domain, detail, button, method in kinds
            for letter in found.filtered_domain(domain)
        ]

    @api.model
    @tells_news
    def _get_returned_news(self, creditors, today, since):
        """List the registered letters that came back."""
        days = [(name, ">=", since) for name in RETURNED_ON]
        domain = [
            ("company_id", "in", creditors.ids),
            ("state", "in", RETURNED),
            *("|", "|", *days),
        ]
        title = self.env._("Letters returned")
        return [
            News(
                "letters_returned",
                title,
                Counted(self.env[REGISTERED], domain),
                self._get_list_action(REGISTERED, title, domain),
                tone="danger",
                sequence=45,
            )
        ]

    @api.model
    @tells_carded
    def _get_registered_tasks(self, creditors, today):
        """Count the letters whose number or receipt is missing, or whose address is wrong."""
        letters = "action_account_dunning_registered"
        overdue = self.env["account.dunning.registered"]._get_receipt_overdue_domain(today)
        return [
            self._count_task(
                creditors,
                "registered_number",
                self.env._("Registered letters without a number"),
                22,
                letters,
                [("waiting_for", "=", "number")],
            ),
            self._count_task(
                creditors,
                "registered_receipt",
                self.env._("Receipts of registered letters that did not come back"),
                24,
                letters,
                overdue,
            ),
            self._count_task(
                creditors,
                "registered_address",
                self.env._("Registered letters returned: wrong address"),
                26,
                letters,
                MISADDRESSED,
                warning=True,
            ),
        ]
