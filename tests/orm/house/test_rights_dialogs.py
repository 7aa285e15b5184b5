"""Every dialog, opened on another company's records over HTTP: it tells and changes nothing.

And the operations of every role on every model over the two other interfaces for programs.
"""

import json
from unittest.mock import patch

from passlib.context import CryptContext

from odoo.addons.base.models import res_users
from odoo.models import MAGIC_COLUMNS
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..dunning_common import TODAY
from .test_rights_buttons import RecordsWithButtons
from .test_rights_documents import QUIET, WORD
from .test_rights_matrix import MATRIX, ROLES

NOWHERE = 999_999_999  # of no record: what a role may do at all is refused before it is looked for
CALLS = {  # an operation: the method, and its arguments beside the records
    "r": ("search_read", {"domain": [], "fields": ["id"], "limit": 1}, False),
    "w": ("write", {"vals": {}}, True),
    "c": ("create", {"vals_list": [{}]}, False),
    "d": ("unlink", {}, True),
}
QUICK = CryptContext(["pbkdf2_sha512"], pbkdf2_sha512__rounds=1)
REFUSED = "odoo.exceptions.AccessError"


@tagged("post_install", "-at_install")
class TestRightsOfDialogs(RecordsWithButtons):
    def setUp(self):
        super().setUp()
        # Customers are everybody's: only what else is told counts here.
        query = "UPDATE res_partner SET name = 'Plain', complete_name = 'Plain' WHERE id IN %s"
        customers = self.partner + self.second + self.third + self.fourth
        self.env.cr.execute(query, (tuple(customers.ids),))
        self.env.cr.execute('UPDATE account_dunning_level SET name = \'{"en_US": "Plain"}\'')
        self.env.invalidate_all()
        self.dialogs = [name for name in MATRIX if self.env[name]._transient]

    def values(self, name):
        """Return values of a new dialog: the records of the creditor wherever it takes some."""
        vals = {}
        for field_name, field in self.env[name]._fields.items():
            if not field.store or field.related or field_name in MAGIC_COLUMNS:
                continue
            if field.relational and field.comodel_name in {**self.records, "res.company": 1}:
                record = self.records.get(field.comodel_name, self.company)
                vals[field_name] = record.id if field.type == "many2one" else [[6, 0, record.ids]]
            elif field.type in ("char", "text") and not field.compute:
                vals[field_name] = "Because"
            elif field.type == "date" and field.required:
                vals[field_name] = TODAY
        return vals

    @mute_logger(*QUIET)
    def test_a_dialog_on_another_company_tells_and_changes_nothing(self):
        before = self.snapshot()
        opened = refused = 0
        self.sign_in("stranger")
        for name in self.dialogs:
            answer = self.post(name, "create", [[self.values(name)]])
            with self.subTest(dialog=name, method="create"):
                self.assert_nothing(answer, before)
            ids = answer.json().get("result")
            if not ids:
                refused += 1
                continue
            opened += 1
            for method in ("read", *self.buttons(name)):
                with self.subTest(dialog=name, method=method):
                    answer = self.post(name, method, [ids])
                    self.assert_nothing(answer, before)
                    self.follow(answer.json().get("result"), before)
        self.assertGreater(refused, opened)
        self.assertTrue(opened, "Some take nothing of a company: the values would be wrong.")

    def assert_nothing(self, answer, before):
        after = self.snapshot()
        changed = self.changed(before, after)
        before.update(after)  # each button answers for what it does itself
        self.assertFalse(changed)
        self.assertNotIn(WORD, answer.text)

    def follow(self, result, before):
        """Open the page or the file to which a button leads."""
        kind = isinstance(result, dict) and result.get("type")
        if kind == "ir.actions.report":
            ids = result["context"].get("active_ids") or []
            url = f"/report/html/{result['report_name']}/{','.join(map(str, ids))}"
        elif kind == "ir.actions.act_url":
            url = result["url"]
        else:
            return
        self.assert_nothing(self.url_open(url, allow_redirects=False, timeout=60), before)

    def test_a_dialog_changes_nothing_for_who_only_reads(self):
        with self.on(TODAY):
            before = self.snapshot()
            for name in self.dialogs:
                if "c" not in MATRIX[name][0] or name.endswith(".line"):
                    continue
                dialog = self.env[name].with_user(self.users["reader"]).create(self.values(name))
                for button in self.buttons(name):
                    with (
                        self.subTest(dialog=name, button=button),
                        self.pressed("reader", dialog, button),
                    ):
                        self.assertFalse(self.changed(before, self.snapshot()))

    # -- The interfaces for programs ---------------------------------------------------------------

    def by_jsonrpc(self, role):
        """Return how to call a method over ``/jsonrpc``: it gives the error's name, or None."""
        user = self.users[role]
        # Each request empties the cache: what is read of the user in between is fetched again.
        who = [self.env.cr.dbname, user.id, f"{user.login}-pass"]

        def call(model, method, kwargs, with_ids):
            args = [*who, model, method, [[NOWHERE]] if with_ids else [], kwargs]
            body = {"service": "object", "method": "execute_kw", "args": args}
            answer = self.opener.post(
                f"{self.base_url()}/jsonrpc",
                json={"jsonrpc": "2.0", "method": "call", "params": body},
                timeout=60,
            )
            error = answer.json().get("error")
            return error and error["data"]["name"]

        return call

    def by_json2(self, role):
        """Return how to call a method over ``/json/2``, with a key of the user."""
        keys = self.env["res.users.apikeys"].with_user(self.users[role]).sudo()
        # As Odoo's tests do with passwords: a key says with how many rounds it is to be checked.
        with patch.object(res_users, "KEY_CRYPT_CONTEXT", QUICK):
            key = keys._generate("rpc", "Test", None)
        headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
        }

        def call(model, method, kwargs, with_ids):
            body = {**kwargs, **({"ids": [NOWHERE]} if with_ids else {})}
            answer = self.url_open(
                f"/json/2/{model}/{method}", data=json.dumps(body), headers=headers, timeout=60
            )
            return None if answer.status_code == 200 else answer.json()["name"]

        return call

    def operations(self, call, model):
        """Return the operations that are not refused, as letters."""
        allowed = ""
        for letter, (method, kwargs, with_ids) in CALLS.items():
            error = call(model, method, kwargs, with_ids)
            if error == "odoo.exceptions.MissingError":  # looked for before it is refused
                error = None if letter in self.known(model) else REFUSED
            allowed += "" if error == REFUSED else letter
        return allowed

    def known(self, model):
        operations = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
        records = self.env[model].with_user(self.users[self.role])
        return {letter for letter, name in operations.items() if records.has_access(name)}

    @mute_logger(*QUIET, "odoo.addons.rpc.controllers.jsonrpc", "odoo.addons.rpc.controllers")
    def test_every_interface_holds_the_same_rights(self):
        for interface in (self.by_jsonrpc, self.by_json2):
            for role in (*ROLES, "employee", "portal"):
                self.role = role
                call = interface(role)
                for model, rights in MATRIX.items():
                    expected = rights[ROLES.index(role)] if role in ROLES else ""
                    with self.subTest(interface=interface.__name__, role=role, model=model):
                        self.assertEqual(self.operations(call, model), expected)
