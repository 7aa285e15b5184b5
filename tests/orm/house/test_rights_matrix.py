"""Who may do what on every model of the addon, over the ORM and over RPC.

A model that the table does not name fails the test: say there what each role may do with it.
"""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged

from ..dunning_common import DunningCommon

ADDON = "account_dunning_fr"
OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
ROLES = ("reader", "biller", "sender", "manager")
SEEN = ("r", "r", "r", "r")  # figures and records that only the addon writes
CONFIGURED = ("r", "r", "r", "rwcd")
NOTED = ("r", "rwc", "rwc", "rwcd")  # what anybody in billing writes down, and only managers erase
WIZARD = ("", "rwcd", "rwcd", "rwcd")
READING_WIZARD = ("rwcd", "rwcd", "rwcd", "rwcd")
MANAGERS_WIZARD = ("", "", "", "rwcd")

# What each of ROLES may do; nobody else may do anything.
MATRIX = {
    "account.dunning.policy": CONFIGURED,
    "account.dunning.level": CONFIGURED,
    "account.dunning.rate": CONFIGURED,
    "account.dunning.court": CONFIGURED,
    "account.dunning.commune": SEEN,
    "account.dunning.call.script": CONFIGURED,
    "account.dunning.notice": ("r", "rw", "rw", "rw"),
    "account.dunning.notice.line": SEEN,
    "account.dunning.penalty": SEEN,
    "account.dunning.penalty.report": SEEN,
    "account.dunning.hold": NOTED,
    "account.dunning.hand": SEEN,
    "account.dunning.dispute": NOTED,
    "account.dunning.einvoice.status": SEEN,
    "account.dunning.einvoice.entry": WIZARD,
    "account.dunning.einvoice.import": WIZARD,
    "account.dunning.promise": NOTED,
    "account.dunning.link": SEEN,
    "account.dunning.request": ("r", "rw", "rw", "rw"),
    "account.dunning.terms": CONFIGURED,
    "account.dunning.terms.acceptance": NOTED,
    "account.dunning.call": NOTED,
    "account.dunning.postpone": WIZARD,
    "account.dunning.statement": WIZARD,
    "account.dunning.preview": WIZARD,
    "account.dunning.letters": WIZARD,
    "account.dunning.posting": WIZARD,
    "account.dunning.golive": WIZARD,
    "account.dunning.golive.line": WIZARD,
    "account.dunning.call.outcome": WIZARD,
    "account.dunning.year.end": READING_WIZARD,
    "account.dunning.year.end.line": READING_WIZARD,
    "account.dunning.waive": MANAGERS_WIZARD,
    "account.dunning.booking": MANAGERS_WIZARD,
    "account.dunning.booking.line": MANAGERS_WIZARD,
    "account.dunning.commune.import": MANAGERS_WIZARD,
    "account.dunning.rule": CONFIGURED,
    "account.dunning.quality": SEEN,
    "account.dunning.waiting.money": SEEN,
    "account.dunning.set.aside": SEEN,
    "account.dunning.return.link": WIZARD,
    "account.dunning.return.import": WIZARD,
    "account.dunning.unmatched": WIZARD,
    "account.dunning.debit.return": ("r", "rw", "rw", "rw"),
    "account.dunning.receipt.report": SEEN,
    "account.dunning.account.statement": READING_WIZARD,
    "account.dunning.sent.statement": SEEN,
    "account.dunning.aged.balance": READING_WIZARD,
    "account.dunning.aged.balance.line": READING_WIZARD,
    "account.dunning.chronology.page": READING_WIZARD,
    "account.dunning.monthly": READING_WIZARD,
    "account.dunning.registered": ("r", "rw", "rw", "rw"),
    "account.dunning.proof": ("r", "rw", "rw", "rw"),
    "account.dunning.reply": ("r", "rw", "rw", "rw"),
    "account.dunning.reply.forward": WIZARD,
    "account.dunning.chase": WIZARD,
    "account.dunning.registered.entry": WIZARD,
    "account.dunning.registered.entry.line": WIZARD,
    "account.dunning.undo.invoice": WIZARD,
    "account.dunning.payment.plan": NOTED,
    "account.dunning.payment.plan.line": ("r", "rwcd", "rwcd", "rwcd"),
    "account.dunning.insolvency": NOTED,
    "account.dunning.insolvency.step": NOTED,
    "account.dunning.insolvency.good": ("r", "rwcd", "rwcd", "rwcd"),
    "account.dunning.insolvency.dividend": ("r", "rwcd", "rwcd", "rwcd"),
    "account.dunning.risk": ("r", "rw", "rw", "rw"),
    "account.dunning.check": ("r", "rc", "rc", "rcd"),
    "account.dunning.insurance": CONFIGURED,
    "account.dunning.cover": ("r", "rwc", "rwc", "rwc"),
    "account.dunning.insured": ("r", "rw", "rw", "rw"),
    "account.dunning.register.import": WIZARD,
    "account.dunning.case": CONFIGURED,
    "account.dunning.case.item": CONFIGURED,
    "account.dunning.case.cost": CONFIGURED,
    "account.dunning.route.fee": CONFIGURED,
    "account.dunning.case.finding": ("r", "r", "r", "rwc"),
    "account.dunning.case.piece": ("r", "rwcd", "rwcd", "rwcd"),
    "account.dunning.case.clock": SEEN,
    "account.dunning.case.document": SEEN,
    "account.dunning.case.prepare": MANAGERS_WIZARD,
    "account.dunning.case.close": MANAGERS_WIZARD,
    "account.dunning.case.contested": MANAGERS_WIZARD,
    "account.dunning.case.handover": MANAGERS_WIZARD,
    "account.dunning.case.reason": WIZARD,
    "account.dunning.person": READING_WIZARD,
    "account.dunning.retention": CONFIGURED,
    "account.dunning.retention.page": MANAGERS_WIZARD,
    "account.dunning.retention.page.line": MANAGERS_WIZARD,
    "account.dunning.impairment": ("r", "r", "r", "rw"),  # accountants propose too
    "account.dunning.impairment.rule": CONFIGURED,
    "account.dunning.vat.relief": ("r", "r", "r", "rwc"),  # accountants prepare too
    "account.dunning.vat.relief.line": SEEN,
    "account.dunning.vat.wording": CONFIGURED,
    "account.dunning.closing": MANAGERS_WIZARD,  # and accountants
    "account.dunning.assignment": NOTED,
    "account.dunning.assignment.line": ("r", "rwcd", "rwcd", "rwcd"),
    "account.dunning.assignment.wording": CONFIGURED,
    "account.dunning.assignment.back": MANAGERS_WIZARD,
    "account.dunning.assignment.import": MANAGERS_WIZARD,
    "account.dunning.convention": CONFIGURED,
    "account.dunning.agency.receipt": SEEN,
    "account.dunning.agency.import": MANAGERS_WIZARD,
    "account.dunning.seal": SEEN,
    "account.dunning.seal.file": SEEN,
    "account.dunning.change": SEEN,
    "account.dunning.run": SEEN,
    "account.dunning.try": ("", "", "", ""),
    "account.dunning.plan.memory": ("", "", "", ""),
    "account.dunning.run.failure": SEEN,
}
# Public data of France, the same for every company; and what strangers tried.
WITHOUT_COMPANY = {
    "account.dunning.assignment.wording",
    "account.dunning.vat.wording",
    "account.dunning.rate",
    "account.dunning.court",
    "account.dunning.commune",
    "account.dunning.try",
    "account.dunning.retention",
}


@tagged("post_install", "-at_install")
class TestRightsMatrix(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Other company"})
        cls.users = {
            "reader": cls.new_user("reader", "account.group_account_readonly"),
            "biller": cls.new_user("biller", "account.group_account_invoice"),
            "sender": cls.new_user("sender", f"{ADDON}.group_dunning_user"),
            "manager": cls.new_user("manager", f"{ADDON}.group_dunning_manager"),
            "employee": cls.new_user("employee"),
            "portal": new_test_user(
                cls.env,
                "portal_user",
                groups="base.group_portal",
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            ),
            "stranger": cls.new_user(
                "stranger", f"{ADDON}.group_dunning_manager", company=cls.other_company
            ),
        }
        cls.partner = cls.customer()
        cls.late = cls.invoice(cls.partner, 10)
        cls.env["account.dunning.notice.draft"]._follow_plan(cls.company)
        cls.live_notice = cls.Notice.search([("partner_id", "=", cls.partner.id)])
        cls.records = {
            "account.dunning.notice": cls.live_notice,
            "account.dunning.notice.line": cls.live_notice.line_ids,
            "account.dunning.hold": cls.hold(cls.customer("Held")),
        }
        cls.models = sorted(
            name
            for name, model in cls.registry.items()
            if model._original_module == ADDON and not model._abstract
        )

    def allowed(self, model, role):
        """Return the operations that a role may do on a model, as letters."""
        records = self.env[model].with_user(self.users[role])
        return "".join(key for key, name in OPERATIONS.items() if records.has_access(name))

    def public_actions(self, model):
        """Return the names of the public methods that the addon defines for buttons."""
        names = {
            name
            for base in type(self.env[model]).mro()
            if base.__module__.startswith(f"odoo.addons.{ADDON}")
            for name in vars(base)
        }
        return sorted(name for name in names if name.startswith("action_"))

    def test_the_table_names_every_model(self):
        self.assertEqual(
            sorted(MATRIX),
            self.models,
            "Say in MATRIX what each role may do with the new model (or remove the one that went).",
        )

    def test_each_role_may_do_what_the_table_says(self):
        for model, rights in MATRIX.items():
            for role, expected in zip(ROLES, rights, strict=True):
                with self.subTest(model=model, role=role):
                    self.assertEqual(self.allowed(model, role), expected)

    def test_employees_and_portal_users_may_do_nothing(self):
        for model in self.models:
            for role in ("employee", "portal"):
                with self.subTest(model=model, role=role):
                    self.assertEqual(self.allowed(model, role), "")

    def test_every_model_kept_belongs_to_a_company(self):
        rules = self.env["ir.rule"].search([("global", "=", True)])
        ruled = set(
            rules.filtered(lambda rule: "company" in (rule.domain_force or "")).mapped(
                "model_id.model"
            )
        )
        kept = {name for name in self.models if not self.env[name]._transient}
        self.assertEqual(kept - ruled, WITHOUT_COMPANY)

    def test_a_dialog_is_of_who_opened_it(self):
        """It keeps figures, pages and files, and its number is easy to guess."""
        rules = self.env["ir.rule"].search(
            [("domain_force", "=", "[('create_uid', '=', user.id)]"), ("global", "=", True)]
        )
        dialogs = {name for name in self.models if self.env[name]._transient}
        self.assertEqual(dialogs - set(rules.mapped("model_id.model")), set())
        checked = set(self.registry["account.dunning.dialog"]._inherit_children)
        self.assertEqual(dialogs - checked, set(), "Inherit account.dunning.dialog")

    def test_another_company_sees_no_record(self):
        for model, records in self.records.items():
            with self.subTest(model=model):
                theirs = self.env[model].with_user(self.users["stranger"])
                self.assertFalse(theirs.search([("id", "in", records.ids)]))
                with self.assertRaises(AccessError):
                    theirs.browse(records.ids).read(["id", "company_id"])

    def test_no_button_answers_who_may_not_read(self):
        for model, records in self.records.items():
            for name in self.public_actions(model):
                for role in ("employee", "portal", "stranger"):
                    with self.subTest(model=model, action=name, role=role):
                        self.assert_refused_over_rpc(model, name, records, role)

    def test_no_button_changes_anything_for_a_reader(self):
        before = self.live_notice.read(["state", "deadline", "amount_total", "confirmed_by"])
        names = self.public_actions("account.dunning.notice")
        self.assertIn("action_send", names)
        records = self.env["account.dunning.notice"].with_user(self.users["reader"])
        for name in names:
            with self.subTest(action=name):
                try:
                    call_kw(records, name, [self.live_notice.ids], {})
                except (AccessError, UserError, TypeError):
                    continue
        self.live_notice.invalidate_recordset()
        self.assertEqual(
            self.live_notice.read(["state", "deadline", "amount_total", "confirmed_by"]), before
        )

    def test_what_sends_or_books_is_not_public(self):
        for model in self.models:
            for name in ("_send_by_email", "_run", "_cron_send", "_cron_book", "_freeze_and_send"):
                if hasattr(self.env[model], name):
                    with self.subTest(model=model, name=name), self.assertRaises(AccessError):
                        call_kw(self.env[model].with_user(self.users["manager"]), name, [[]], {})

    def assert_refused_over_rpc(self, model, name, records, role):
        """Check that a public method refuses a user."""
        theirs = self.env[model].with_user(self.users[role])
        if getattr(getattr(type(self.env[model]), name), "_api_model", False):
            if role == "stranger":
                return  # of no record: he does it for his own company
            arguments = []
        else:
            arguments = [records.ids]
        with self.assertRaises(AccessError):
            call_kw(theirs, name, arguments, {})
