"""Reports and files over HTTP: who gets them, and that nobody else reads a word of them.

Every text of the records is the same odd word: a page or a file that holds it gave something away.
"""

import json
from base64 import b64encode

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..dunning_common import TODAY
from ..hostile_common import ADDON, HostileCommon
from ..signed_in import SignedIn
from .test_hostile_reports import REPORTS
from .test_rights_matrix import MATRIX, ROLES

WORD = "Confidential"
GROUPS = {
    "reader": "account.group_account_readonly",
    "biller": "account.group_account_invoice",
    "sender": f"{ADDON}.group_dunning_user",
    "manager": f"{ADDON}.group_dunning_manager",
}
OTHERS = ("employee", "portal", "stranger", None)
QUIET = ("odoo.http", "odoo.sql_db", "odoo.addons.web.controllers.report")


class RightsOverHttp(SignedIn, HostileCommon, HttpCase):
    """Users of every role, who may sign in, and records in which every text is one word."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Other company"})
        cls.users = {role: cls.person(role, group) for role, group in GROUPS.items()}
        cls.users["employee"] = cls.person("employee")
        cls.users["stranger"] = cls.person("stranger", GROUPS["manager"], cls.other_company)
        cls.users["portal"] = new_test_user(
            cls.env, "a_portal", groups="base.group_portal", password="a_portal-pass"
        )
        cls.make_once("make_secret")

    @classmethod
    def person(cls, role, *groups, company=None):
        if groups and not isinstance(groups[-1], str):
            *groups, company = groups
        return cls.new_user(f"a_{role}", *groups, company=company, password=f"a_{role}-pass")

    def make_secret(self):
        """Write the word into every text of the records."""
        customers = self.partner + self.second + self.third + self.fourth
        self.poison(WORD, customers + self.case.handover_partner_id)
        query = "UPDATE mail_message SET subject = %s, body = %s WHERE id = %s"
        self.env.cr.execute(query, (WORD, WORD, self.reply.id))
        self.env.invalidate_all()

    def sign_in(self, role):
        self.authenticate(role and f"a_{role}", role and f"a_{role}-pass")

    def read_page(self, url):
        """Return the status of a page, and whether it holds the word."""
        answer = self.url_open(url, allow_redirects=False, timeout=60)
        return answer.status_code, WORD in answer.text


@tagged("post_install", "-at_install")
class TestRightsOfDocuments(RightsOverHttp):
    def readable(self, model, role):
        """Return whether a role may read a model's records."""
        return model not in MATRIX or "r" in MATRIX[model][ROLES.index(role)]

    def urls(self, name, ids):
        path = f"{ADDON}.{name}/{','.join(map(str, ids))}"
        data = json.dumps([f"/report/pdf/{path}", "qweb-pdf"])
        return (
            f"/report/html/{path}",
            f"/report/pdf/{path}",
            f"/report/download?data={data}",
        )

    def own(self, record, role):
        """Return the record, or that of a dialog that this user opened."""
        if not record._transient:
            return record
        with self.on(TODAY):
            [vals] = record.copy_data({"company_ids": []} if "company_ids" in record else None)
            copy = record.with_user(self.users[role]).create(vals)
            if copy._name == "account.dunning.aged.balance":
                copy.action_show()
        self.env.flush_all()
        return copy

    @mute_logger(*QUIET)
    def test_each_report_is_for_who_may_read_its_record(self):
        for role in ROLES:
            self.sign_in(role)
            for name, (record, _texts) in REPORTS.items():
                record = getattr(self, record)
                allowed = self.readable(record._name, role)
                ids = self.own(record, role).ids if allowed else record.ids
                for url in self.urls(name, ids):
                    with self.subTest(role=role, url=url):
                        status, told = self.read_page(url)
                        self.assertEqual(told, allowed, status)

    @mute_logger(*QUIET)
    def test_nobody_else_reads_a_word_of_a_report(self):
        for role in OTHERS:
            self.sign_in(role)
            for name, (record, _texts) in REPORTS.items():
                for url in self.urls(name, getattr(self, record).ids):
                    with self.subTest(role=role, url=url):
                        status, told = self.read_page(url)
                        self.assertFalse(told)
                        if "download" not in url:  # which tells its refusals in a page
                            self.assertNotEqual(status, 200)

    # -- Files -------------------------------------------------------------------------------------

    def files(self):
        """Return the kept files by what they are, and the addresses of each."""
        content = f"{WORD} file".encode()
        proof = self.attachment(self.letter, "receipt.pdf", content)
        piece = self.add_piece(self.case, "exchange", data=content)
        self.payment_plan.sudo().signed_file = b64encode(content)
        self.balance.action_export()
        kept = {
            "letter": self.sent.sudo()._create_document("letter.pdf", content),
            "proof": proof,
            "piece": piece.sudo().attachment_id,
            "case": self.attachment(self.case, "dossier.zip", content),
            "penalties": self.attachment(self.entry_of_penalties, "note.pdf", content),
            "plan": self.attachment(self.payment_plan, "agreement.pdf", content),
        }
        self.env.flush_all()
        addresses = {
            name: [f"/web/content/{file.id}", f"/web/content/{file.id}?download=true"]
            for name, file in kept.items()
        }
        for name, record, field in (
            ("piece", piece, "file"),
            ("plan", self.payment_plan, "signed_file"),
            ("dialog", self.balance, "xlsx_file"),
        ):
            place = f"model={record._name}&id={record.id}&field={field}"
            addresses.setdefault(name, []).extend(
                [
                    f"/web/content?{place}",
                    f"/web/content/{record._name}/{record.id}/{field}",
                    f"/web/image?{place}",
                ]
            )
        return addresses

    @mute_logger(*QUIET)
    def test_a_file_is_for_who_may_read_its_record(self):
        addresses = self.files()
        for role in (*ROLES, *OTHERS):
            self.sign_in(role)
            for name, urls in addresses.items():
                for url in urls:
                    with self.subTest(role=role, file=name, url=url):
                        status, told = self.read_page(url)
                        allowed = role in ROLES and name != "dialog"  # of who opened it alone
                        if url.startswith("/web/image"):  # a picture, or one that stands in
                            self.assertFalse(told and not allowed)
                        else:
                            self.assertEqual(told, allowed)
                            self.assertEqual(status == 200, allowed)
