"""One French company, its users by role, and shortcuts to write a ledger and let days pass."""

from contextlib import contextmanager
from datetime import date, timedelta
from io import BytesIO
from unittest import TestCase
from unittest.mock import patch

from reportlab.pdfgen.canvas import Canvas

from odoo import Command, fields
from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.account_dunning_fr.models.plan.query.credits import steps
from odoo.addons.account_dunning_fr.models.plan.query.items import item
from odoo.addons.base.tests.common import BaseCommon
from odoo.tests import freeze_time, new_test_user
from odoo.tools import SQL

TODAY = "2026-06-01"  # a Monday; every class is frozen here
QUIET = {"tracking_disable": True, "mail_create_nolog": True, "mail_notrack": True}
TEXT = {"subject": "Subject", "body": "<p>Text</p>"}
LEVELS = ("courtesy", "first", "firm", "registered", "formal_notice")


def day(text):
    return date.fromisoformat(text)


def days_ago(count):
    return day(TODAY) - timedelta(days=count)


def invoice_document(move, notice):
    """Attach a real file with the name of the invoice in it, made once for the notice."""
    if found := move._find_dunning_document(notice):
        return found
    stream = BytesIO()
    canvas = Canvas(stream, invariant=1)
    canvas.drawString(100, 700, f"Invoice {move.name}")
    canvas.save()
    return move.env["ir.attachment"].create(
        {
            "name": move._get_invoice_report_filename(),
            "raw": stream.getvalue(),
            "mimetype": "application/pdf",
            "res_model": notice._name,
            "res_id": notice.id,
        }
    )


class DunningCommon(AccountTestInvoicingCommon):
    """A creditor with the default policy, switched on; each test creates its customers."""

    freeze_time = freeze_time(f"{TODAY} 08:00:00")
    chart_template = "generic_coa"  # 2 s per class instead of 7 for the French one
    country_code = "FR"
    prints_invoices = False  # drawing an invoice takes longer than the rest of a sending
    mails_leave = True  # a server accepts each e-mail at once; otherwise they wait in the queue
    # Odoo's preparation of a class by its chart, if a run makes it only once: 5 s per class
    get_ready = staticmethod(lambda chart: None)

    @classmethod
    def setUpClass(cls):
        if ready := cls.get_ready(cls.chart_template):
            cls._take_ready(ready)
        else:
            super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, **QUIET})
        if not cls.prints_invoices:
            cls.startClassPatcher(
                patch.object(
                    type(cls.env["account.move"]), "_get_dunning_document", invoice_document
                )
            )
        if cls.mails_leave:
            cls._let_mails_leave()
        cls.company = cls.company_data["company"]
        cls.company.write(
            {
                "email": "compta@creancier.example",
                "company_registry": "552100554",
                "dunning_active": True,
                "dunning_legal_form": "SAS",
                "street": "1 rue du Créancier",
                "zip": "69001",
                "city": "Lyon",
                "dunning_user_id": cls.env.user.id,
            }
        )
        cls.company_data["default_journal_bank"].bank_account_id = cls.env[
            "res.partner.bank"
        ].create(
            {"acc_number": "FR7630006000011234567890189", "partner_id": cls.company.partner_id.id}
        )
        cls.policy = cls.company.dunning_policy_id
        for name in LEVELS:
            setattr(cls, name, cls.env.ref(f"account_dunning_fr.level_{name}"))
        cls.plan = cls.env["account.dunning.plan"]
        cls.Notice = cls.env["account.dunning.notice"]
        cls.env.user.partner_id.sudo().function = "Credit manager"  # shown below his signature
        cls.bank = cls.company_data["default_journal_bank"]
        cls.sales = cls.company_data["default_journal_sale"]
        cls.income = cls.company_data["default_account_revenue"]

    @classmethod
    def _take_ready(cls, ready):
        """Prepare the class from what an earlier class with the same chart has committed."""
        super(BaseCommon, cls).setUpClass()
        cls.env = cls.env(user=ready["user"][1][0], context=cls.default_env_context())
        for name, kept in ready.items():
            setattr(cls, name, cls._browse(kept))

    @classmethod
    def _browse(cls, kept):
        if isinstance(kept, dict):
            return {name: cls._browse(value) for name, value in kept.items()}
        model, ids = kept
        return cls.env[model].browse(ids)

    @classmethod
    def _let_mails_leave(cls):
        model = type(cls.env["account.dunning.notice"])
        queue = model._send_by_email

        def send(notices, user):
            result = queue(notices, user)
            on = fields.Date.context_today(notices)
            notices.sudo().write({"delivery": "taken", "left_on": on})
            return result

        cls.startClassPatcher(patch.object(model, "_send_by_email", send))

    @classmethod
    def make_once(cls, *makers):
        """Let each test of the class start with what these methods of a test create and set.

        What ``setUp`` creates is created again before each test; here one test instance creates it
        once, on the frozen day, for all of them.

        :param makers: names of methods that create records, and set them on their test
        """
        maker = cls()
        own = set(vars(maker))
        with maker.on(TODAY):
            for name in makers:
                getattr(maker, name)()
            cls.env.flush_all()
        TestCase.doCleanups(maker)
        for name in vars(maker).keys() - own:
            setattr(cls, name, vars(maker)[name])

    # -- Who ---------------------------------------------------------------------------------------

    @classmethod
    def customer(cls, name="Client", **values):
        """Create a company in France with an e-mail and a postal address."""
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "email": f"{name.lower().replace(' ', '.')}@client.example",
                "street": "2 rue du Débiteur",
                "zip": "13001",
                "city": "Marseille",
                "country_id": cls.env.ref("base.fr").id,
                **values,
            }
        )

    @classmethod
    def new_user(cls, login, *groups, company=None, **values):
        """Create a user with only these groups, in one company."""
        company = company or cls.company
        return new_test_user(
            cls.env,
            login,
            groups=",".join(("base.group_user", *groups)),
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            **{"function": "Accountant", **values},
        )

    @classmethod
    def new_clerks(cls):
        """Create three users whose language is English: one sends, one bills, one only reads."""
        cls.clerk = cls.new_user("clerk", "account_dunning_fr.group_dunning_user", lang="en_US")
        cls.billing = cls.new_user("billing", "account.group_account_invoice", lang="en_US")
        cls.reader = cls.new_user("reader", "account.group_account_readonly", lang="en_US")

    @classmethod
    def new_branch(cls, name):
        """Create a branch of the company, with its accounts, for the user of the tests."""
        country = cls.company.country_id.id  # otherwise its accounts make it American
        branch = cls.env["res.company"].create(
            {"name": name, "parent_id": cls.company.id, "country_id": country}
        )
        cls.cr.precommit.run()  # Odoo gives a branch its accounts at the end of the transaction
        cls.env.user.company_ids |= branch
        return branch

    @classmethod
    def new_policy(cls, *levels, **values):
        """Create a policy from ``(days, kind)`` pairs; every level is sent by e-mail."""
        return cls.env["account.dunning.policy"].create(
            {
                "name": "Other policy",
                "level_ids": [
                    Command.create({"name": f"{kind} {days}", "days": days, "kind": kind, **TEXT})
                    for days, kind in levels
                ],
                **values,
            }
        )

    # -- The ledger --------------------------------------------------------------------------------

    @classmethod
    def invoice(cls, partner, due, amount=100.0, *, move_type="out_invoice", post=True, **values):
        """Post an invoice without tax, dated thirty days before its due date.

        :param due: due date, or the number of days by which the invoice is overdue today
        """
        vals = cls.invoice_values(partner, due, amount, move_type=move_type, **values)
        move = cls.env["account.move"].create(vals)
        if post:
            move.action_post()
        return move

    @classmethod
    def invoices(cls, *rows):
        """Post invoices as ``invoice`` does, all together: this takes half as long for each.

        :param rows: for each, its customer, due date, amount, and other values, if any
        """
        moves = cls.env["account.move"].create(
            [
                cls.invoice_values(partner, due, amount, **values)
                for partner, due, amount, values in ((*row, {})[:4] for row in rows)
            ]
        )
        moves.action_post()
        return moves

    @classmethod
    def invoice_values(cls, partner, due, amount, *, move_type="out_invoice", **values):
        due = days_ago(due) if isinstance(due, int) else fields.Date.to_date(due)
        line = {"name": "Service", "price_unit": amount, "tax_ids": [Command.clear()]}
        return {
            "move_type": move_type,
            "partner_id": partner.id,
            "invoice_date": due - timedelta(days=30),
            "invoice_date_due": due,
            "invoice_payment_term_id": False,
            "invoice_line_ids": [Command.create({**line, "account_id": cls.income.id})],
            **values,
        }

    @classmethod
    def instalments(cls, partner, first_due, second_due, amount=100.0):
        """Post an invoice payable in two halves."""
        issued = day(first_due) - timedelta(days=30)
        term = cls.half_and_half(30, (day(second_due) - issued).days)
        return cls.invoice(
            partner, first_due, amount, invoice_date=issued, invoice_payment_term_id=term.id
        )

    @classmethod
    def half_and_half(cls, *days):
        """Create a payment term: two halves, each so many days after the invoice."""
        half = {"value": "percent", "value_amount": 50}
        lines = [Command.create({**half, "nb_days": count}) for count in days]
        return cls.env["account.payment.term"].create({"name": "Half and half", "line_ids": lines})

    @classmethod
    def credit_note(cls, partner, amount, of=None, **values):
        """Post a credit note that is not yet reconciled, referring to an invoice or not."""
        values["reversed_entry_id"] = of.id if of else False
        move = cls.invoice(partner, 0, amount, move_type="out_refund", **values)
        cls.items(move).remove_move_reconcile()  # Odoo reconciles it with its invoice at once
        return move

    @classmethod
    def payment(cls, partner, amount, **values):
        """Post a payment of the customer that is not allocated to any invoice."""
        payment = cls.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": partner.id,
                "amount": amount,
                "journal_id": cls.bank.id,
                "date": fields.Date.context_today(cls.env.user),
                **values,
            }
        )
        payment.action_post()
        return payment

    @classmethod
    def pay(cls, invoice, amount=None):
        """Register a payment of the invoice, as its button does."""
        wizard = cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        values = {"journal_id": cls.bank.id}
        if amount is not None:
            values["amount"] = amount
        return wizard.create(values)._create_payments()

    @classmethod
    def statement(cls, partner, amount, on=TODAY):
        """Import a line of the bank statement, not yet reconciled."""
        return cls.env["account.bank.statement.line"].create(
            {
                "journal_id": cls.bank.id,
                "date": on,
                "amount": amount,
                "partner_id": partner.id if partner else False,
                "payment_ref": "Transfer",
            }
        )

    @classmethod
    def post_entry(cls, partner, *lines):
        """Post an accountant's own entry of ``(account, balance)`` lines; return its items."""
        entry = cls.env["account.move"].create(
            {
                "journal_id": cls.company_data["default_journal_misc"].id,
                "line_ids": [
                    Command.create(
                        {"account_id": account.id, "partner_id": partner.id, "balance": balance}
                    )
                    for account, balance in lines
                ],
            }
        )
        entry.action_post()
        return entry.line_ids

    @classmethod
    def give_up(cls, invoice, code, amount, *, match=True):
        """Move an amount of an invoice to 416, or lose it to 654; return its line there."""
        item = cls.items(invoice)
        accounts = cls.env["account.account"].with_company(cls.company)
        account = accounts.search(
            [("code", "=", code), ("company_ids", "in", cls.company.ids)]
        ) or accounts.create(
            {"code": code, "name": code, "account_type": "asset_current", "reconcile": True}
        )
        lines = cls.post_entry(invoice.partner_id, (account, amount), (item.account_id, -amount))
        if match:
            (lines.filtered(lambda line: line.account_id == item.account_id) | item).reconcile()
        return lines.filtered(lambda line: line.account_id == account)

    @classmethod
    def hold(cls, partner=None, **values):
        """Open a hold that starts today."""
        if partner:
            values["partner_id"] = partner.id
        holds = cls.env["account.dunning.hold"].sudo()  # its author cannot be written by hand
        return holds.create({"company_id": cls.company.id, **values}).sudo(cls.env.su)

    @staticmethod
    def items(*moves):
        """Return the receivable items of these invoices, in the order of their due dates."""
        lines = moves[0].line_ids.browse()
        for move in moves:
            lines |= move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        return lines.sorted("date_maturity")

    @classmethod
    def history(cls, level, on, *moves, items=None, deadline=None, company=None):
        """Record a notice sent earlier in which these items took a level.

        :param moves: invoices, for all their items
        :param company: the creditor; by default the test's company
        """
        items = cls.items(*moves) if items is None else items
        return (
            cls.env["account.dunning.notice"]
            .sudo()
            .create(
                {
                    "company_id": (company or cls.company).id,
                    "partner_id": items.partner_id.commercial_partner_id.id,
                    "level_id": level.id,
                    "state": "sent",
                    "date": on,
                    "deadline": deadline,
                    "line_ids": [
                        Command.create(
                            {
                                "move_line_id": item.id,
                                "move_id": item.move_id.id,
                                "cycle": item.dunning_cycle,
                                "level_id": level.id,
                                "claimed": True,
                                "currency_id": item.currency_id.id,
                                "date_maturity": item.date_maturity,
                            }
                        )
                        for item in items
                    ],
                }
            )
        )

    @classmethod
    def start(cls, level, *moves):
        """Set by hand the level from which these invoices, chased elsewhere before, are chased."""
        cls.items(*moves).write(
            {"dunning_start_level_id": level.id, "dunning_start_reason": "Reminded elsewhere"}
        )

    # -- The days ----------------------------------------------------------------------------------

    @contextmanager
    def on(self, text):
        """Move to another day, at eight in the morning."""
        with freeze_time(f"{text} 08:00:00"):
            yield

    def count_queries(self, function, *arguments):
        """Return the number of SQL queries of a call, with an empty cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function(*arguments)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def commit(self):
        """End the transaction, as far as a test may."""
        self.env.flush_all()
        self.cr.precommit.run()

    def prepare(self, company=None):
        """Let the plan make the drafts of the day."""
        return self.env["account.dunning.notice.draft"]._follow_plan(company or self.company)

    def rows(self, *moves):
        """Return today's plan of the items of these invoices, in the order of their due dates."""
        items = self.items(*moves)
        rows = {row.move_line_id: row for row in self.plan._simulate(self.company)}
        return [rows.get(item.id) for item in items]

    def row(self, move):
        """Return today's plan of the one item of an invoice."""
        (row,) = self.rows(move)
        return row

    def gaps(self, partner):
        """Return the rows of a customer in the list of those whose records are incomplete."""
        self.env.flush_all()
        self.env.invalidate_all()  # the rows are read from a view, as by another request
        return self.env["account.dunning.quality"].search([("partner_id", "=", partner.id)])

    def live(self, partner):
        """Return the message being prepared for a customer."""
        return self.Notice.search(
            [("partner_id", "=", partner.id), ("state", "in", ("draft", "ready"))]
        )

    def draft(self, partner):
        """Prepare the day and return the one message to this customer."""
        self.prepare()
        notice = self.live(partner)
        notice.ensure_one()
        return notice

    def send(self, partner):
        """Prepare and send, by e-mail or by post, the message of the day to this customer."""
        notice = self.draft(partner)
        if notice.send_email:
            notice.action_send()
        else:
            notice.action_print()
            self.post(notice)
        return notice

    @staticmethod
    def chase(records, **values):
        """Open the dialog « Chase now » on invoices or customers.

        :param values: what is chosen in it
        """
        action = records.action_dunning_chase()
        dialogs = records.env[action["res_model"]].with_context(**action["context"])
        return dialogs.create(values)

    def chased(self, records, **values):
        """Choose what to write in the dialog and return the messages that it prepares."""
        notices, _skipped = self.chase(records, **values)._prepare_messages()
        return notices

    def post(self, notices):
        """Record the posting of these letters today, confirmed before where nobody did."""
        notices.filtered(lambda notice: notice.state == "draft").action_confirm()
        return notices.action_mark_posted()

    def send_on(self, text, partner):
        """Send the message of another day to this customer."""
        with self.on(text):
            return self.send(partner)

    def hand_over(self, notices):
        """Hand the mails of these messages over to a mail server that keeps what it receives.

        :return: list of ``email.message.EmailMessage``
        """
        messages = []

        def keep(_server, message, *_args, **_kwargs):
            messages.append(message)
            return message["Message-Id"]

        with patch.multiple(
            type(self.env["ir.mail_server"]),
            _disable_send=lambda *_args: False,
            _connect__=lambda *_args, **_kwargs: None,
            send_email=keep,
        ):
            notices.mail_id.send()
        return messages

    def run_cron(self, name):
        """Run a scheduled action as the scheduler does."""
        with self.enter_registry_test_mode():
            self.env.ref(f"account_dunning_fr.ir_cron_{name}").method_direct_trigger()

    def run_day(self):
        """Run both scheduled actions."""
        self.run_cron("prepare")
        self.run_cron("send")

    # -- What is expected --------------------------------------------------------------------------

    @contextmanager
    def assert_refused(self, error, message):
        """Check that something is refused, with this message (a regular expression)."""
        with self.assertRaises(error) as caught:
            yield
        self.assertRegex(str(caught.exception), message)

    def lines_of(self, notice):
        """Return ``[(invoice, claimed, level)]`` of what the message mentions."""
        lines = notice.line_ids.filtered(lambda line: not line.drop_reason)
        return [
            (line.move_id, line.claimed, line.level_id)
            for line in lines.sorted(lambda line: (line.date_maturity, line.move_line_id.id))
        ]

    def assert_next(self, move, level, on):
        """Check the next level of an invoice and the day on which it is reached."""
        row = self.row(move)
        self.assertEqual((row.next_level_id, row.next_date), (level.id, day(on)))

    def assert_stopped(self, move, reason):
        row = self.row(move)
        self.assertEqual((row.stop, row.final_role, row.reason), (reason, None, reason))

    def assert_sure_money(self, partner):
        """Check that the money read for penalties and promises is that of the whole query.

        Which is asked without a look, of every source, and then for what is sure.

        :return: the rows, as dicts
        """
        plan = self.env["account.dunning.plan"].sudo()
        scope = plan._begin_scope(self.company, partner)
        columns = "kind, source_id, partner_id, currency_id, move_id, amount, on_date"
        columns += ", is_credit_note"
        self.env.cr.execute(
            SQL(
                "WITH item AS (%s), %s SELECT %s FROM kept WHERE is_sure AND amount > 0"
                " ORDER BY on_date, move_id, kind, source_id",
                item(scope),
                steps(scope),
                SQL(columns),
            )
        )
        wanted = self.env.cr.dictfetchall()
        self.assertEqual(plan._read_sure_money(scope), wanted)
        return wanted
