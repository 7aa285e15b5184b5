"""What each role may do over real JSON-RPC, with reports and attachments; by the same table.

``test_rights_matrix`` holds the table of models by roles, and checks it over the ORM.
"""

import json
from functools import partial

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..dunning_common import DunningCommon
from ..signed_in import SignedIn
from .test_rights_matrix import ADDON, MATRIX, OPERATIONS, ROLES

REFUSED = "odoo.exceptions.AccessError"
MISSING = "odoo.exceptions.MissingError"
CARELESS = ("builtins.KeyError", "builtins.AttributeError", "builtins.TypeError")
SIGNED_OUT = "odoo.http.SessionExpiredException"
NOWHERE = 999_999_999  # of no record: what a role may do at all is refused before it is looked for
CALLS = {
    "r": lambda ids: ("search_read", [[]], {"fields": ["id"], "limit": 1}),
    "w": lambda ids: ("write", [ids, {}], {}),
    "c": lambda ids: ("create", [[{}]], {}),
    "d": lambda ids: ("unlink", [ids], {}),
}
# What the addon's models offer over RPC beside Odoo's own methods and the buttons (action_*).
OFFERED = {
    "account.dunning.agenda": {"get_page"},
    "account.dunning.case": {"get_filing_sheet"},
    "account.dunning.case.archive": {"get_filing_sheet"},
    "account.dunning.customer": {"add_note", "get_page"},
    "account.dunning.dashboard": {"get_data", "get_part"},
    "account.dunning.shortcut": {"get_page"},
    "account.dunning.today": {"get_page"},
    "account.move": {"get_dunning_facts"},
    "res.partner": {"get_dunning_facts", "get_dunning_risk_facts"},
}
PAGES = (
    ("account.dunning.dashboard", "get_data"),
    ("account.dunning.today", "get_page"),
    ("account.dunning.agenda", "get_page"),
    ("account.dunning.shortcut", "get_page"),
)
# Who gets the letter of a message, as a report and as an attachment.
DOCUMENTS = {
    "reader": True,
    "biller": True,
    "sender": True,
    "manager": True,
    "employee": False,
    "portal": False,
    "stranger": False,
    None: False,
}


@tagged("post_install", "-at_install")
class TestRightsOverRpc(SignedIn, DunningCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Other company"})
        groups = {
            "reader": "account.group_account_readonly",
            "biller": "account.group_account_invoice",
            "sender": f"{ADDON}.group_dunning_user",
            "manager": f"{ADDON}.group_dunning_manager",
        }
        for role, group in groups.items():
            cls.new_user(role, group, password=f"{role}-pass")
        cls.new_user("employee", password="employee-pass")
        cls.new_user(
            "stranger", groups["manager"], company=cls.other_company, password="stranger-pass"
        )
        new_test_user(cls.env, "portal", groups="base.group_portal", password="portal-pass")
        partner = cls.customer()
        cls.invoice(partner, 10)
        cls.hold(cls.customer("Held"))
        cls.env["account.dunning.notice.draft"]._follow_plan(cls.company)
        cls.notice = cls.Notice.search([("partner_id", "=", partner.id)])
        cls.notice.write({"send_letter": True})
        cls.letter = cls.notice.sudo()._create_document("letter.pdf", b"%PDF-1.4 letter")
        cls.run_record = (
            cls.env["account.dunning.run"]
            .sudo()
            .create({"kind": "send_chosen", "company_id": cls.company.id})
        )
        cls.records = {
            "account.dunning.notice": cls.notice.ids,
            "account.dunning.notice.line": cls.notice.line_ids.ids,
            "account.dunning.hold": cls.env["account.dunning.hold"].search([], limit=1).ids,
            "account.dunning.run": cls.run_record.ids,
        }

    def sign_in(self, role):
        self.authenticate(role, role and f"{role}-pass")

    def rpc(self, model, method, args, kwargs=None):
        """Call a method over HTTP; return the name of the error, or None."""
        error = self.post(model, method, args, kwargs).json().get("error")
        return error and error["data"]["name"]

    def result(self, model, method, args):
        return self.post(model, method, args).json()["result"]

    def operations(self, model):
        """Return what the user who is signed in may do with a model, as letters."""
        allowed = ""
        for letter, call in CALLS.items():
            method, args, kwargs = call([NOWHERE])
            error = self.rpc(model, method, args, kwargs)
            self.assertNotIn(error, CARELESS, f"{model}.{method}")
            if error == MISSING:  # what is added to Odoo's method looked for the record first
                args = [[], OPERATIONS[letter]]
                error = None if self.result(model, "has_access", args) else REFUSED
            allowed += "" if error == REFUSED else letter
        return allowed

    @mute_logger("odoo.http", "odoo.sql_db")
    def test_each_role_may_do_over_http_what_the_table_says(self):
        for number, role in enumerate(ROLES):
            self.sign_in(role)
            for model, rights in MATRIX.items():
                with self.subTest(model=model, role=role):
                    self.assertEqual(self.operations(model), rights[number])

    @mute_logger("odoo.http", "odoo.sql_db")
    def test_nobody_else_may_do_anything(self):
        for role in ("employee", "portal"):
            self.sign_in(role)
            for model in MATRIX:
                with self.subTest(model=model, role=role):
                    self.assertEqual(self.operations(model), "")
        self.sign_in(None)
        for model in MATRIX:
            with self.subTest(model=model, role=None):
                self.assertEqual(self.rpc(model, "search_read", [[]]), SIGNED_OUT)

    @mute_logger("odoo.http", "odoo.sql_db")
    def test_another_company_reads_writes_and_deletes_no_record(self):
        self.sign_in("stranger")
        for model, ids in self.records.items():
            self.assertTrue(ids, model)
            calls = [("read", [ids, ["id", "company_id"]]), ("write", [ids, {}]), ("unlink", [ids])]
            for method, args in calls:
                with self.subTest(model=model, method=method):
                    self.assertEqual(self.rpc(model, method, args), REFUSED)

    @mute_logger("odoo.http", "odoo.sql_db")
    def test_no_button_answers_who_may_not_see_its_record(self):
        for role in ("employee", "portal", "stranger"):
            self.sign_in(role)
            for model, ids in self.records.items():
                for name in self.offered(model):
                    method = getattr(type(self.env[model]), name)
                    if getattr(method, "_api_model", False):
                        continue  # of no record
                    with self.subTest(model=model, action=name, role=role):
                        self.assertEqual(self.rpc(model, name, [ids]), REFUSED)

    @mute_logger("odoo.http", "odoo.sql_db")
    def test_what_is_no_button_is_private(self):
        """Whoever adds a public method names it ``action_…``, or offers it in OFFERED."""
        self.sign_in("manager")
        for model in sorted(self.registry):
            public = self.offered(model)
            odd = {name for name in public if not name.startswith("action_")}
            with self.subTest(model=model):
                self.assertEqual(odd, OFFERED.get(model, set()))
        for model, names in (
            (
                "account.dunning.notice",
                ("_cron_send", "_send_by_email", "_freeze_and_send", "_mark_posted"),
            ),
            ("account.dunning.penalty", ("_run", "_book_all", "_cron_book", "_waive")),
            ("account.dunning.run", ("_enqueue", "_begin", "_note_failure", "_cron_work")),
            ("account.dunning.plan", ("_simulate",)),
            ("account.dunning.notice.draft", ("_follow_plan",)),
            ("account.dunning.case", ("_generate", "_get_shared")),
        ):
            for name in names:
                with self.subTest(model=model, name=name):
                    self.assertTrue(hasattr(self.env[model], name))
                    self.assertEqual(self.rpc(model, name, [[]]), REFUSED)

    def offered(self, model):
        """Return the public methods that the addon adds to a model; Odoo's own are Odoo's."""
        classes = type(self.env[model]).mro()
        ours = [c for c in classes if c.__module__.startswith(f"odoo.addons.{ADDON}")]
        others = [c for c in classes if c not in ours]
        names = {
            name
            for owner in ours
            for name, value in vars(owner).items()
            if callable(value) and not name.startswith("_") and not isinstance(value, type)
        }
        return sorted(name for name in names if not any(name in vars(c) for c in others))

    @mute_logger("odoo.http", "odoo.sql_db")
    def test_the_pages_answer_who_reads_the_reminders_only(self):
        for role, allowed in DOCUMENTS.items():
            if role in ("stranger", None):
                continue  # he sees the figures of his own company; nobody is signed in
            self.sign_in(role)
            for model, method in PAGES:
                with self.subTest(role=role, page=model):
                    error = self.rpc(model, method, [])
                    self.assertEqual(error, None if allowed else REFUSED)

    @mute_logger("odoo.http", "odoo.sql_db", "odoo.addons.web.controllers.report")
    def test_reports_and_attachments_are_for_who_may_read_the_message(self):
        fetch = {
            "report": f"/report/html/{ADDON}.notice_letter/{self.notice.id}",
            "attachment": f"/web/content/{self.letter.id}",
        }
        for role, allowed in DOCUMENTS.items():
            self.sign_in(role)
            for name, url in fetch.items():
                with self.subTest(role=role, document=name):
                    answer = self.url_open(url, allow_redirects=False, timeout=60)
                    given = answer.status_code == 200 and (
                        b"letter" in answer.content or b"Client" in answer.content
                    )
                    self.assertEqual(given, allowed, answer.status_code)

    @mute_logger("odoo.http", "odoo.sql_db")
    def test_the_interfaces_for_programs_hold_the_same_rights(self):
        reader = self.env["res.users"].search([("login", "=", "reader")])
        keys = self.env["res.users.apikeys"].with_user(reader).sudo()
        key = keys._generate("rpc", "Test", None)
        post = partial(
            self.url_open,
            headers={
                "Authorization": f"Bearer {key}",
                "Content-Type": "application/json",
            },
        )
        base = "/json/2/account.dunning.notice"
        seen = post(f"{base}/search_read", data=json.dumps({"domain": [], "fields": ["id"]}))
        self.assertIn(self.notice.id, [row["id"] for row in seen.json()])
        for method, body in (
            ("unlink", {"ids": self.notice.ids}),
            ("write", {"ids": self.notice.ids, "vals": {"deadline": "2030-01-01"}}),
            ("action_send", {"ids": self.notice.ids}),
            ("_cron_send", {}),
        ):
            with self.subTest(method=method):
                answer = post(f"{base}/{method}", data=json.dumps(body))
                self.assertIn(answer.status_code, (403, 404), answer.text)
        self.notice.invalidate_recordset()
        self.assertIn(self.notice.state, ("draft", "ready"))
