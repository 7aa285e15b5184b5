"""The last weeks of the demonstration's office: scheduled actions, and what people said and did.

The demonstration data contain what is owed; who was chased when is not data but done by the addon.
So the clock is set back and the addon does that work, day by day. The addon also finds from the
payments whether a promise was kept or a plan completed. At the end, today, one customer is sued and
the books are closed.
"""

import gc
from base64 import b64encode
from datetime import datetime, time, timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.addons.account_dunning_fr.core.working_days import (
    is_working_day,
    next_working_day,
    previous_working_day,
)

from .debtor_story import paper, pay

DAYS = 60
DAYS_TO_DELIVER = 3
DEMO = "account_dunning_fr.demo_"
# The person in charge posts these letters as soon as they are drafted; others wait in the list.
POSTED_WITHOUT_DELAY = {
    "partner_transports": ("registered",),
    "partner_negoce": ("registered", "formal_notice"),
}

# Names given to the documents kept on paper, and how many days before the invoice they are dated.
PAPERS = {
    "order": ("Bon de commande n° BC-118 accepté par le client", 12),
    "terms": ("Conditions générales de vente, version de janvier 2026", None),
    "delivery": ("Bon de livraison n° BL-118 signé à réception", 1),
    "creditor": ("Extrait Kbis du créancier", None),
    "bank": ("Relevé d’identité bancaire du créancier", None),
}


class Office:
    """What the office, its customers and the post did."""

    def __init__(self, env):
        # The e-mails of the past are only recorded: none may be sent late.
        self.system = env(context={**env.context, "mail_notify_force_send": False})
        self.user = env.ref(DEMO + "user")
        self.company = self.user.company_id
        self.env = self.system(user=self.user.id, context={**env.context, "lang": "fr_FR"})
        # Who decides on court files and closings, and is named there.
        self.decider = self.env(
            user=env.ref(DEMO + "manager").id,
            context={**self.env.context, "allowed_company_ids": self.company.ids},
        )

    def open(self):
        """Switch to French, and return the posted invoices, which nobody has printed yet.

        The addon activates French only after its demonstration data are loaded: their notes about
        the customers' requests are rewritten.

        :return: ``account.move``
        """
        partners = self.system["res.partner"].search([("country_id.code", "=", "FR")])
        (partners | partners.child_ids).lang = "fr_FR"
        users = self.system["res.users"].with_context(active_test=False)
        people = users.search([("share", "=", False)])
        people.lang = "fr_FR"
        if "odoobot_state" in people._fields:  # its chat would open over the first page, in English
            people.odoobot_state = "disabled"
        holds = self.system["account.dunning.hold"].search([])
        holds.user_id = self.user  # data are nobody's: it was the office that set them
        for hold in holds.filtered("request_id"):
            hold.note = hold.request_id._in_dunning_lang().display_name
        posted = [("company_id", "=", self.company.id), ("state", "=", "posted")]
        return self.system["account.move"].search([*posted, ("move_type", "=", "out_invoice")])

    def print_invoices(self, invoices) -> None:
        """Print invoices as they were sent to the customers at the time."""
        with freeze_time() as clock:
            for invoice in invoices.sorted("name"):
                # Each on its own day, from which the customer has it; one by one, as some builds of
                # wkhtmltopdf accept only one document.
                clock.move_to(datetime.combine(invoice.invoice_date, time(9)))
                self.system["account.move.send"]._generate_and_send_invoices(
                    invoice, sending_methods=[]
                )

    def live(self) -> None:
        """Run the addon's scheduled actions on each of the last days, up to yesterday.

        :raise RuntimeError: if nobody was chased up to the last step, as the demo shows every step
        """
        midnight = datetime.combine(fields.Date.context_today(self.system.user), time())
        acts = {}
        for days, todo in self.get_acts().items():
            on = next_working_day(midnight.date() - timedelta(days=days))
            acts.setdefault(on, []).extend(todo)
        first = midnight - timedelta(days=DAYS) + timedelta(hours=7)
        gc.collect()
        gc.freeze()  # the registry lives as long as the process: it is not traversed every day
        with freeze_time(first) as clock:
            for number in range(DAYS):
                clock.move_to(first + timedelta(days=number))
                for act in acts.get(clock().date(), ()):
                    act()
                self.run_day(is_working_day(clock().date()))
        sent = self.system["account.dunning.notice"].search([("state", "=", "sent")])
        letters = self.system["account.dunning.registered"].search([])
        missing = {"reminder", "registered", "formal_notice"} - set(sent.mapped("kind"))
        if missing or "delivered" not in letters.mapped("state"):
            raise RuntimeError(f"the past has no {', '.join(sorted(missing)) or 'receipt'}")

    def get_acts(self) -> dict[int, list]:
        """Return what was done, by number of days before today, the earliest first."""
        return {
            50: [self._plan],
            45: [lambda: self._pay("chapellerie", 480)],
            44: [
                lambda: self._object("cedres_1", "price", 0, "Conteste le prix du mètre carré"),
                lambda: self._object("cedres_2", "delivery", 300, "Un poteau manquait"),
                lambda: self._object("cedres_3", "goods", 0, "Bois fendu, photographies jointes"),
            ],
            38: [lambda: self._promise("scierie_1", 1800, "Virement annoncé par la gérante")],
            36: [lambda: self._dispute("cedres_1").action_reject()],
            34: [lambda: self._dispute("cedres_2").action_accept()],
            33: [lambda: self._dispute("cedres_3").action_expect_credit_note()],
            31: [lambda: self._pay("scierie_1", 1800)],
            30: [self._credit, self._declare],
            25: [lambda: self._pay("cedres_2", 1080)],
            22: [lambda: self._pay("cedres_1", 1440)],
            20: [lambda: self._promise("scierie_2", 1200, "Solde promis par téléphone")],
            15: [lambda: self._pay("chapellerie", 480)],
            13: [lambda: self._pay("scierie_2", 500)],
        }

    def run_day(self, works: bool) -> None:
        """Run the scheduled actions of a day, and what the office does on working days."""
        env = self.system
        notices = env["account.dunning.notice"]
        env["account.dunning.promise"]._cron_review()
        notices._cron_prepare()
        notices._cron_send()
        notices._cron_expire()
        env["account.dunning.payment.plan"]._cron_review()
        if works:
            self._post_letters()
            self._make_calls()
            self._follow_registered_letters()
        env["mail.mail"].search([("state", "=", "outgoing")]).write({"state": "sent"})
        env.cr.commit()
        # Odoo searches all environments of a cursor for each one requested; those of a day form
        # reference cycles with their records.
        env.invalidate_all()
        gc.collect()

    # -- The office ------------------------------------------------------------------------------

    def _as_user(self, model: str):
        return self.system[model].with_user(self.user).with_company(self.company)

    def _today(self):
        return fields.Date.context_today(self.user)

    def _post_letters(self) -> None:
        notices = self._as_user("account.dunning.notice")
        for name, kinds in POSTED_WITHOUT_DELAY.items():
            partner = self.env.ref(DEMO + name)
            domain = [("partner_id", "=", partner.id), ("state", "=", "draft")]
            drafts = notices.search([*domain, ("kind", "in", kinds)])
            drafts.action_confirm()
            drafts.action_print()
            drafts.action_mark_posted()
        waiting = notices.search([("state", "=", "sent"), ("to_post", "=", True)])
        if late := waiting.filtered(lambda notice: notice.letter_date != self._today()):
            late.action_print()  # a letter has the date of the day on which it is posted
        waiting.action_mark_posted()

    def _make_calls(self) -> None:
        waited_since = self._today() - timedelta(days=2)
        domain = [("state", "=", "todo"), ("date", "<=", waited_since)]
        for call in self._as_user("account.dunning.call").search(domain):
            call._record("message", "Standard", "Message laissé au service comptable")

    def _follow_registered_letters(self) -> None:
        """Number the letters posted without delay, and file the receipts that come back."""
        partners = [self.env.ref(DEMO + name).id for name in POSTED_WITHOUT_DELAY]
        domain = [("partner_id", "in", partners), ("posted_on", "!=", False)]
        today = self._today()
        for letter in self.system["account.dunning.registered"].with_user(self.user).search(domain):
            if not letter.number:
                letter.number = f"1A{99500000000 + letter.id}"
                letter.deposit_ids = self._proof(letter, "Preuve de dépôt", letter.posted_on)
            elif not letter.delivered_on and (today - letter.posted_on).days >= DAYS_TO_DELIVER:
                letter.write({"presented_on": today, "delivered_on": today})
                letter.receipt_ids = self._proof(letter, "Avis de réception", today)

    def _proof(self, letter, title: str, on):
        content = paper(title, letter.number, f"{on:%d/%m/%Y}")
        name = f"{title} {letter.number}.pdf"
        return letter.env["ir.attachment"].create({"name": name, "raw": content})

    # -- The customers ---------------------------------------------------------------------------

    def _invoice(self, name: str):
        return self.env.ref(f"{DEMO}invoice_{name}")

    def _pay(self, name: str, amount: float) -> None:
        pay(self._invoice(name).sudo(), amount)

    def _object(self, name: str, reason: str, amount: float, note: str) -> None:
        vals = {"move_id": self._invoice(name).id, "reason": reason, "amount": amount, "note": note}
        who = {"company_id": self.company.id, "user_id": self.user.id}
        self.env["account.dunning.dispute"].create({**vals, **who})

    def _dispute(self, name: str):
        domain = [("move_id", "=", self._invoice(name).id)]
        return self.env["account.dunning.dispute"].search(domain)

    def _credit(self) -> None:
        """Credit the invoice whose goods were returned: the dispute that waited for it ends."""
        invoice = self._invoice("cedres_3").sudo()
        vals = {"journal_id": invoice.journal_id.id, "reason": "Retour"}
        wizard = invoice.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        refund = invoice.browse(wizard.create(vals).reverse_moves()["res_id"])
        if refund.state == "draft":
            refund.action_post()
        (invoice | refund).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        ).reconcile()

    def _promise(self, name: str, amount: float, note: str) -> None:
        invoice = self._invoice(name)
        items = invoice.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        self.env["account.dunning.promise"].create(
            {
                "company_id": self.company.id,
                "partner_id": invoice.partner_id.id,
                "item_ids": [Command.set(items.ids)],
                "amount": amount,
                "date_promised": self._today() + timedelta(days=8),
                "note": note,
            }
        )

    def _plan(self) -> None:
        """Agree on two instalments; both are paid later, and the plan is completed."""
        today = self._today()
        vals = {"count": 2, "first_date": today + timedelta(days=6), "signed_on": today}
        vals |= {"partner_id": self._invoice("chapellerie").partner_id.id, "signer": "La gérante"}
        vals |= {"company_id": self.company.id, "user_id": self.user.id}
        self.env["account.dunning.payment.plan"].create(vals).action_start()

    def _declare(self) -> None:
        """Send the declaration of the claim to the creditors' representative."""
        record = self.env.ref(DEMO + "insolvency_papeterie")
        record.registered_number = "1A99500000001"
        record.action_declared()

    # -- Today -------------------------------------------------------------------------------------

    def sue(self, name: str):
        """Prepare and export the court file of a customer whose formal notice has expired.

        :return: the ``account.dunning.case``
        """
        env = self.decider
        wizard = env["account.dunning.case.prepare"]
        opened = wizard._open(env.ref(DEMO + name), self.company)
        action = wizard.browse(opened["res_id"]).action_prepare()
        case = env["account.dunning.case"].browse(action["res_id"])
        self.company.dunning_representative = "son président"
        case.user_id = self.user
        case.court_id = case.candidate_ids.filtered(lambda court: "Havre" in court.name)
        case.action_confirm_court()
        case.partner_id.sudo().dunning_legal_form = "SARL"
        self._file_papers(case)
        case.action_examine()
        for finding in case.finding_ids.filtered("is_open"):
            finding._accept("Démonstration")
        case.action_generate()
        return case

    def _file_papers(self, case) -> None:
        """File a page for each document that a company keeps on paper."""
        invoiced = min(case.item_ids.mapped("invoice_date"))
        for piece in case.piece_ids.filtered(lambda piece: piece.state == "missing"):
            name, days = PAPERS.get(piece.category, (piece.name, None))
            on = days and previous_working_day(invoiced - timedelta(days=days - 1))
            content = b64encode(paper(name))
            piece.write({"name": name, "date": on, "file": content, "file_name": f"{name}.pdf"})

    def close_books(self, name: str) -> None:
        """Propose the treatment of each debt at the end of last month, and book one customer's."""
        env = self.decider
        end = self._today().replace(day=1) - timedelta(days=1)
        closing = env["account.dunning.impairment"]._close(self.company, end)
        booked = closing.filtered(lambda row: row.partner_id == env.ref(DEMO + name))
        booked.action_prepare()
        booked.action_post()
