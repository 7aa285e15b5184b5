"""Every button of every model and dialog, pressed on real records by who may not.

What it answers never holds a word of the records, and what is kept does not change.
"""

from base64 import b64encode
from contextlib import contextmanager, suppress

from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..dunning_common import TODAY
from ..hostile_common import ADDON
from .test_rights_documents import OTHERS, QUIET, WORD, RightsOverHttp
from .test_rights_matrix import MATRIX, ROLES

# What belongs to Odoo, and has buttons of ours.
EXTENDED = ("account.move", "account.move.line", "res.partner")
# Records that a button of somebody in billing changes through its own checks, by model.
THROUGH = {
    "account.dunning.notice.line": "its notice is prepared by billing: leave an item out",
    "account.dunning.case": "billing gathers its pieces and reads its sums again",
    "account.dunning.case.document": "printed again when the pieces change",
    "account.dunning.case.finding": "examined again when a piece is added",
    "account.dunning.link": "billing closes the links that messages brought",
    "account.dunning.set.aside": "who may send says that money pays nothing, and takes it back",
}
# Of every company, so that its managers change them wherever they are.
SHARED = ("account.dunning.policy", "account.dunning.level", "account.dunning.rate")
SHARED += ("account.dunning.court", "account.dunning.rule", "account.dunning.call.script")
SHARED += ("account.dunning.assignment.wording",)
SHARED += ("res.partner",)  # he reads them, and prepares what concerns his own company
# Where a button may lead: what is behind it asks for the rights.
NAVIGATION = ("ir.actions.act_window", "ir.actions.act_url", "ir.actions.client")
NAVIGATION += ("ir.actions.report",)


class RollbackError(Exception):
    """Undoes what a button did."""


class RecordsWithButtons(RightsOverHttp):
    """A record of each model that has buttons, and ways to press them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_once("make_others", "list_records")

    def setUp(self):
        super().setUp()
        self.sums = {}  # of each table: when it was made, and the sum of its contents

    def list_records(self):
        """Find one record of each model, and the tables that nobody else may change."""
        self.kept = [name for name in MATRIX if self.is_kept(name)]
        self.tables = [self.env[name]._table for name in (*self.kept, *EXTENDED[:2], "mail.mail")]
        self.records = {name: self.record_of(name) for name in (*self.kept, *EXTENDED)}

    def is_kept(self, name):
        return not self.env[name]._transient and self.env[name]._auto

    def make_others(self):
        """Create one of each record that the reports need none of."""
        env = self.env
        env["account.dunning.hold"].create({"partner_id": self.second.id, "note": WORD})
        disputed = self.invoice(self.second, 20, 50)
        env["account.dunning.dispute"].create({"move_id": disputed.id, "amount": 50})
        env["account.dunning.promise"].create(
            {"partner_id": self.second.id, "amount": 10, "date_promised": "2026-06-20"}
        )
        env["account.dunning.call"].create({"partner_id": self.second.id})
        asked = {"company_id": self.company.id, "partner_id": self.second.id}
        env["account.dunning.request"].sudo().create(
            {**asked, "kind": "message", "note": WORD, "made_at": TODAY}
        )
        env["account.dunning.link"].sudo().create(
            {**asked, "channel": "email", "token_hash": "x", "until": TODAY}
        )
        env["account.dunning.debit.return"].sudo().create(
            {
                **asked,
                "day": TODAY,
                "amount": 1,
                "currency_id": self.company.currency_id.id,
                "key": "x",
                "told": WORD,
            }
        )
        env["account.dunning.impairment"].sudo().create(
            {**asked, "date": TODAY, "treatment": "keep", "reason": WORD}
        )
        relief = env["account.dunning.vat.relief"].sudo().create({**asked, "sentence": WORD})
        env["account.dunning.vat.relief.line"].sudo().create(
            {
                "relief_id": relief.id,
                "move_line_id": self.items(disputed).id,
                "tax_id": env["account.tax"].sudo().search([], limit=1).id,
            }
        )
        env["account.dunning.assignment"].create(
            {
                "name": WORD,
                "company_id": self.company.id,
                "holder_id": self.second.id,
                "line_ids": [
                    Command.create({"move_line_id": self.items(self.invoice(self.second, 20)).id})
                ],
            }
        )
        env["account.dunning.convention"].sudo().create(
            {"company_id": self.company.id, "agency_id": self.second.id, "basis_text": WORD}
        )
        env["account.dunning.risk"].sudo().create({**asked, "letter": "A"})
        env["account.dunning.check"].create(
            {"partner_id": self.second.id, "kind": "identity", "result": WORD}
        )
        insurance = (
            env["account.dunning.insurance"]
            .sudo()
            .create(
                {
                    "name": WORD,
                    "insurer_id": self.second.id,
                    "company_id": self.company.id,
                    "percent": 90,
                    "notify_days": 60,
                }
            )
        )
        cover = env["account.dunning.cover"].create(
            {"insurance_id": insurance.id, "partner_id": self.second.id, "limit": 1}
        )
        env["account.dunning.insured"].sudo().create(
            {"cover_id": cover.id, "move_id": disputed.id, "date_maturity": TODAY}
        )
        run = (
            env["account.dunning.run"]
            .sudo()
            .create({"kind": "send_chosen", "company_id": self.company.id})
        )
        env["account.dunning.run.failure"].sudo()._note(run, self.sent, WORD)
        env["account.dunning.set.aside"].sudo().create(
            {
                "company_id": self.company.id,
                "partner_id": self.second.id,
                "kind": env["account.dunning.set.aside"]._fields["kind"].get_values(env)[0],
                "source_id": self.items(disputed).id,
                "label": WORD,
                "currency_id": self.company.currency_id.id,
                "decided_on": TODAY,
                "decided_by": env.uid,
            }
        )
        env["account.dunning.seal"].sudo().create(
            {"kind": "erasure", "content": "{}", "company_id": self.company.id}
        )
        env["account.dunning.reply"].sudo().create(
            {"notice_id": self.sent.id, "origin": "debtor", "excerpt": WORD}
        )
        terms = {"company_id": self.company.id, "name": WORD, "date_from": TODAY}
        env["account.dunning.terms"].sudo().create({**terms, "file": b64encode(WORD.encode())})
        receipt = self.attachment(self.letter, "receipt.pdf", WORD.encode())
        if not self.letter.notice_id.proof_ids:
            env["account.dunning.proof"].sudo().create(
                {"notice_id": self.sent.id, "attachment_id": receipt.id, "kind": "enclosure"}
            )

    def record_of(self, name):
        """Return a record of the creditor, or an empty set where the data hold none."""
        chosen = {
            "account.move": self.first_invoice,
            "account.move.line": self.items(self.first_invoice),
            "res.partner": self.partner,
            "account.dunning.notice": self.draft_notice,
        }
        return chosen.get(name) or self.env[name].search([], limit=1)

    def buttons(self, name):
        """Return the names of the methods that the addon gives a model for buttons."""
        return sorted(
            {
                method
                for base in type(self.env[name]).mro()
                if base.__module__.startswith(f"odoo.addons.{ADDON}")
                for method in vars(base)
                if method.startswith("action_")
            }
        )

    def snapshot(self, tables=None):
        """Return a sum of the contents of each table: made again where something was written."""
        self.env.flush_all()
        written = self.count_written()
        stale = [table for table in self.tables if self.sums.get(table, (0,))[0] != written[table]]
        if stale:
            query = "SELECT %s, md5(string_agg(t::text, '|' ORDER BY id)) FROM %s t"
            queries = [SQL(query, table, SQL.identifier(table)) for table in stale]
            self.env.cr.execute(SQL(" UNION ALL ").join(queries))
            self.sums |= {table: (written[table], made) for table, made in self.env.cr.fetchall()}
        return {table: self.sums[table][1] for table in tables or self.tables}

    def count_written(self):
        """Return what each table was written to, by this transaction and whatever it undid."""
        self.env.cr.execute(
            """
            SELECT name, ARRAY[
                pg_stat_get_xact_tuples_inserted(name::regclass),
                pg_stat_get_xact_tuples_updated(name::regclass),
                pg_stat_get_xact_tuples_deleted(name::regclass),
                pg_relation_filenode(name::regclass)]
              FROM unnest(%s) AS name
            """,
            (self.tables,),
        )
        return dict(self.env.cr.fetchall())

    @contextmanager
    def pressed(self, role, record, button):
        """Press a button in the name of a role, look at what it did, and undo it."""
        theirs = record.with_user(self.users[role])
        of_no_record = getattr(getattr(type(record), button), "_api_model", False)
        before = self.snapshot()
        try:
            with self.env.cr.savepoint(), self.fast_print():
                with suppress(AccessError, RedirectWarning, UserError):
                    call_kw(theirs, button, [] if of_no_record else [record.ids], {})
                yield
                raise RollbackError
        except RollbackError:
            pass
        finally:
            self.env.invalidate_all()
            written = self.count_written()
            self.sums = {table: (written[table], made) for table, made in before.items()}

    def changed(self, before, after):
        return [table for table, value in before.items() if after[table] != value]


@tagged("post_install", "-at_install")
class TestRightsOfButtons(RecordsWithButtons):
    def test_there_is_a_record_of_each_model_that_has_buttons(self):
        empty = [name for name, found in self.records.items() if not found and self.buttons(name)]
        self.assertFalse(empty)

    # -- Who has no right at all -------------------------------------------------------------------

    @mute_logger(*QUIET)
    def test_a_button_tells_and_does_nothing_for_who_may_not_read(self):
        before = self.snapshot()
        for role in OTHERS:
            self.sign_in(role)
            for name, record in self.records.items():
                for button in self.buttons(name):
                    if role == "stranger" and name in SHARED:
                        continue
                    with self.subTest(role=role, model=name, button=button):
                        of_no_record = getattr(getattr(type(record), button), "_api_model", False)
                        answer = self.post(name, button, [] if of_no_record else [record.ids])
                        if name != "res.partner":  # every user reads their names
                            self.assertNotIn(WORD, answer.text)
                        result = answer.json().get("result") or {}
                        self.assertIn(result.get("type"), (None, *NAVIGATION))
                        self.assertFalse(self.changed(before, self.snapshot()))

    # -- Who reads, and who prepares ---------------------------------------------------------------

    def test_no_button_changes_what_a_role_only_reads(self):
        for role in ("reader", "biller", "sender"):
            rights = {name: MATRIX[name][ROLES.index(role)] for name in self.kept}
            only_read = [
                self.env[name]._table
                for name in self.kept
                if rights[name] == "r" and (role == "reader" or name not in THROUGH)
            ]
            with self.on(TODAY):
                before = self.snapshot(only_read)
                for name, record in self.records.items():
                    for button in self.buttons(name):
                        with (
                            self.subTest(role=role, model=name, button=button),
                            self.pressed(role, record, button),
                        ):
                            changed = self.changed(before, self.snapshot(only_read))
                            self.assertFalse(changed)
