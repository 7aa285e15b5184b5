"""What was said and agreed in the demo's past, and how each of it ended.

Each act is what a person of the office, or a customer, did on its day; whether a promise was kept
or a plan completed is found by the addon, from the payments.
"""

from datetime import timedelta

from odoo import Command, fields

DEMO = "account_dunning_fr.demo_"


class Story:
    """The acts of the past, by the number of days before today for which they were meant.

    Each takes place on that day, or on the next working day (``demo_days``).
    """

    def __init__(self, env):
        self.user = env.ref(DEMO + "user")
        self.env = env(user=self.user.id, context={**env.context, "lang": "fr_FR"})
        self.company = self.user.company_id
        self.acts = {
            50: [self._plan],
            45: [lambda: self._pay("chapellerie", 480)],
            44: [self._disputes],
            38: [lambda: self._promise("scierie_1", 1800, 8, "Virement annoncé par la gérante")],
            36: [lambda: self._dispute("cedres_1").action_reject()],
            34: [lambda: self._dispute("cedres_2").action_accept()],
            33: [lambda: self._dispute("cedres_3").action_expect_credit_note()],
            31: [lambda: self._pay("scierie_1", 1800)],
            30: [self._credit_note, self._declare],
            25: [lambda: self._pay("cedres_2", 1080)],
            22: [lambda: self._pay("cedres_1", 1440)],
            20: [lambda: self._promise("scierie_2", 1200, 8, "Solde promis par téléphone")],
            15: [lambda: self._pay("chapellerie", 480)],
            13: [lambda: self._pay("scierie_2", 500)],
        }

    def play(self, days_ago: int) -> None:
        """Do what was meant for one day of the past."""
        for act in self.acts[days_ago]:
            act()

    def _invoice(self, name: str):
        return self.env.ref(f"{DEMO}invoice_{name}")

    def _items(self, name: str):
        return self._invoice(name).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )

    def _pay(self, name: str, amount: float) -> None:
        """Record a transfer of the customer and allocate it to its invoice."""
        wizard = self.env["account.payment.register"].sudo()
        wizard.with_context(active_model="account.move", active_ids=self._invoice(name).ids).create(
            {"amount": amount, "payment_difference_handling": "open"}
        )._create_payments()

    # -- Disputes ----------------------------------------------------------------------------------

    def _disputes(self) -> None:
        for name, reason, amount, note in (
            ("cedres_1", "price", 0, "Conteste le prix du mètre carré"),
            ("cedres_2", "delivery", 300, "Un poteau manquait à la livraison"),
            ("cedres_3", "goods", 0, "Bois fendu, photographies jointes"),
        ):
            self.env["account.dunning.dispute"].create(
                {
                    "company_id": self.company.id,
                    "move_id": self._invoice(name).id,
                    "reason": reason,
                    "amount": amount,
                    "note": note,
                    "user_id": self.user.id,
                }
            )

    def _dispute(self, name: str):
        return self.env["account.dunning.dispute"].search(
            [("move_id", "=", self._invoice(name).id)]
        )

    def _credit_note(self) -> None:
        """Credit the invoice whose goods were returned: the dispute that waited for it ends."""
        wizard = self.env["account.move.reversal"].sudo()
        wizard = wizard.with_context(
            active_model="account.move", active_ids=self._invoice("cedres_3").ids
        ).create({"journal_id": self._invoice("cedres_3").journal_id.id, "reason": "Retour"})
        refund = self.env["account.move"].browse(wizard.reverse_moves()["res_id"]).sudo()
        if refund.state == "draft":
            refund.action_post()
        (
            self._items("cedres_3")
            | refund.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        ).filtered(lambda line: not line.reconciled).sudo().reconcile()

    # -- Promises, plans, insolvency ---------------------------------------------------------------

    def _promise(self, name: str, amount: float, days: int, note: str) -> None:
        self.env["account.dunning.promise"].create(
            {
                "company_id": self.company.id,
                "partner_id": self._invoice(name).partner_id.id,
                "item_ids": [Command.set(self._items(name).ids)],
                "amount": amount,
                "date_promised": fields.Date.context_today(self.user) + timedelta(days=days),
                "note": note,
            }
        )

    def _plan(self) -> None:
        """Agree on two instalments; both are paid later, and the plan is completed."""
        today = fields.Date.context_today(self.user)
        plan = self.env["account.dunning.payment.plan"].create(
            {
                "company_id": self.company.id,
                "partner_id": self._invoice("chapellerie").partner_id.id,
                "first_date": today + timedelta(days=6),
                "count": 2,
                "signed_on": today,
                "signer": "La gérante",
                "user_id": self.user.id,
            }
        )
        plan.action_start()

    def _declare(self) -> None:
        """Send the declaration of the claim to the representative of the creditors."""
        record = self.env.ref(DEMO + "insolvency_papeterie")
        record.registered_number = "1A99500000001"
        record.action_declared()
