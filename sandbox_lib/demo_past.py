"""The demo's past: the scheduled actions of the last weeks, and what people said and did meanwhile.

The demonstration data say what is owed; who was reminded of it when is not data but the work of the
addon. So the clock is set back and the addon does that work, day by day. Whether a promise was kept
or a plan completed is found by the addon too, from the payments.
"""

from datetime import datetime, time, timedelta
from io import BytesIO

from freezegun import freeze_time
from reportlab.pdfgen.canvas import Canvas

from odoo import Command, fields
from odoo.addons.account_dunning_fr.core.working_days import is_working_day

from .demo_days import working_day

DAYS = 60
DAYS_TO_DELIVER = 3
DEMO = "account_dunning_fr.demo_"
# The person in charge lets these letters go as soon as they are drafted; others wait in the list.
POSTED_WITHOUT_DELAY = {
    "partner_transports": ("registered",),
    "partner_negoce": ("registered", "formal_notice"),
}


def replay(env) -> None:
    """Run the addon's scheduled actions on each of the last days, up to yesterday."""
    midnight = datetime.combine(fields.Date.context_today(env.user), time())
    # The e-mails of the past are only recorded: nothing may leave late.
    past = Past(env(context={**env.context, "mail_notify_force_send": False}))
    acts = {}
    for days, todo in past.get_acts().items():
        on = working_day(midnight.date() - timedelta(days=days), is_working_day)
        acts.setdefault(on, []).extend(todo)
    first = midnight - timedelta(days=DAYS) + timedelta(hours=7)
    with freeze_time(first) as clock:
        for number in range(DAYS):
            clock.move_to(first + timedelta(days=number))
            for act in acts.get(clock().date(), ()):
                act()
            past.run_day(is_working_day(clock().date()))


def paper(*lines: str) -> bytes:
    """Return a page that stands for a document on paper, and says so."""
    stream = BytesIO()
    page = Canvas(stream, invariant=True)
    for number, line in enumerate((*lines, "Document de démonstration, sans valeur")):
        page.drawString(70, 750 - 24 * number, line)
    page.save()
    return stream.getvalue()


class Past:
    """What the office, its customers and the post did."""

    def __init__(self, env):
        self.user = env.ref(DEMO + "user")
        self.company = self.user.company_id
        self.system = env
        self.env = env(user=self.user.id, context={**env.context, "lang": "fr_FR"})

    def get_acts(self) -> dict[int, list]:
        """Return what was done, by the number of days before today, the earliest first."""
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
        """Run the scheduled actions of a day, and what the office does when it works."""
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
            late.action_print()  # a letter bears the day on which it is posted
        waiting.action_mark_posted()

    def _make_calls(self) -> None:
        waited_since = self._today() - timedelta(days=2)
        domain = [("state", "=", "todo"), ("date", "<=", waited_since)]
        for call in self._as_user("account.dunning.call").search(domain):
            call._record("message", "Standard", "Message laissé au service comptable")

    def _follow_registered_letters(self) -> None:
        """Number the letters posted without delay, and file what the post brings back."""
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

    def _wizard(self, model: str, name: str):
        context = {"active_model": "account.move", "active_ids": self._invoice(name).ids}
        return self.env[model].sudo().with_context(**context)

    def _pay(self, name: str, amount: float) -> None:
        """Record a transfer of the customer and allocate it to its invoice."""
        vals = {"amount": amount, "payment_difference_handling": "open"}
        self._wizard("account.payment.register", name).create(vals)._create_payments()

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
        done = self._wizard("account.move.reversal", "cedres_3").create(vals).reverse_moves()
        refund = invoice.browse(done["res_id"])
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
        """Send the declaration of the claim to the representative of the creditors."""
        record = self.env.ref(DEMO + "insolvency_papeterie")
        record.registered_number = "1A99500000001"
        record.action_declared()
