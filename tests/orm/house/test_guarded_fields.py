"""Who writes each field, and in which state: the table says it, every way in is tried.

A field that ``data/field_writers.csv`` does not name fails the test: say there who writes it.
"""

import csv
import json
from base64 import b64encode
from pathlib import Path

from odoo import Command, models
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..case_common import CaseCommon
from ..dunning_common import TODAY, days_ago
from ..signed_in import SignedIn

ADDON = "account_dunning_fr"
TABLE = Path(__file__).parents[1] / "data" / "field_writers.csv"
ODOO_MODELS = ("account.move", "account.move.line", "res.company", "res.partner")
GROUPS = {
    "reader": "account.group_account_readonly",
    "biller": "account.group_account_invoice",
    "sender": f"{ADDON}.group_dunning_user",
    "manager": f"{ADDON}.group_dunning_manager",
}
REFUSAL = "is not written by hand here"


def read_table():
    """Return the table, ``{model: {field: writer}}``."""
    with TABLE.open(encoding="utf-8", newline="") as rows:
        table = {}
        for row in csv.DictReader(rows):
            table.setdefault(row["model"], {})[row["field"]] = row["writer"]
    return table


class GuardedWorld(CaseCommon):
    """One record of every model that the addon keeps, and how to put it in each of its states."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: cls.new_user(f"guard_{role}", group, password=f"guard_{role}-pass")
            for role, group in GROUPS.items()
        }
        cls.table = read_table()
        cls.secret = cls.env["ir.attachment"].create({"name": "salaries.txt", "raw": b"SECRET"})
        cls.records = cls.make_records()
        cls.env.flush_all()

    @classmethod
    def make(cls, model, **values):
        """Create a record of a model of ours (its name without ``account.dunning.``)."""
        return cls.env[f"account.dunning.{model}"].sudo().create(values)

    @classmethod
    def pick(cls, model):
        """Return a record of a model of ours that is there already."""
        return cls.env[f"account.dunning.{model}"].sudo().search([], limit=1)

    @classmethod
    def make_records(cls):
        cls.debtor, cls.other = cls.customer("Guarded"), cls.customer("Other debtor")
        cls.late = cls.invoice(cls.debtor, 40)
        cls.of_company = {"company_id": cls.company.id}
        cls.whose = {"partner_id": cls.debtor.id, **cls.of_company}
        cls.euro = {"currency_id": cls.company.currency_id.id}
        cls.env["account.dunning.notice.draft"]._follow_plan(cls.company)
        cls.notice = cls.Notice.search([("partner_id", "=", cls.debtor.id)])
        made = {
            **cls.make_messages(),
            **cls.make_agreements(),
            **cls.make_cases(),
            **cls.make_settings(),
            **cls.make_covers(),
            **cls.make_insolvencies(),
            **cls.make_others(),
        }
        made = {f"account.dunning.{name}": record for name, record in made.items()}
        made |= {
            "account.move": cls.late,
            "account.move.line": cls.items(cls.late),
            "res.company": cls.company,
            "res.partner": cls.debtor,
        }
        return {name: record.sudo() for name, record in made.items()}

    @classmethod
    def make_agreements(cls):
        """Records of what was recorded or agreed with customers."""
        other_late = cls.invoice(cls.other, 40)
        plan_debtor = cls.customer("Instalments")
        cls.invoice(plan_debtor, 40)
        plan = cls.make("payment.plan", partner_id=plan_debtor.id, **cls.of_company)
        # What stops the message would cancel it, and its registered letter: of another debtor.
        promising = cls.customer("Promising")
        promised = cls.invoice(promising, 40)
        link = cls.make("link", channel="email", token_hash="x", until=TODAY, **cls.whose)
        return {
            "dispute": cls.make("dispute", move_id=other_late.id),
            "payment.plan": plan,
            "payment.plan.line": plan.line_ids[:1],
            "promise": cls.make("promise", partner_id=promising.id, **cls.of_company),
            "hold": cls.make("hold", move_id=promised.id, **cls.of_company),
            "link": link,
            "request": cls.make(
                "request", kind="message", link_id=link.id, made_at=TODAY, **cls.whose
            ),
            "einvoice.status": cls.late._apply_dunning_einvoice_status("203"),
            "call": cls.make("call", **cls.whose),
            "call.script": cls.pick("call.script"),
        }

    @classmethod
    def make_messages(cls):
        """Records of what is sent, and of what comes back."""
        of_notice = {"notice_id": cls.notice.id}
        seal = cls.make(
            "seal",
            kind="erasure",
            content="{}",
            file_ids=[Command.create({"attachment_id": cls.attachment(cls.notice).id})],
            **cls.of_company,
        )
        return {
            "notice": cls.notice,
            "notice.line": cls.notice.line_ids[:1],
            "registered": cls.make("registered", **of_notice),
            "proof": cls.make("proof", attachment_id=cls.attachment(cls.notice).id, **of_notice),
            "reply": cls.make("reply", origin="debtor", **of_notice),
            "sent.statement": cls.make("sent.statement", date=TODAY, **cls.whose),
            "plan.memory": cls.env["account.dunning.plan.memory"].sudo().search([]),
            "seal": seal,
            "seal.file": seal.file_ids,
        }

    @classmethod
    def make_cases(cls):
        """A court file and what is in it."""
        case = cls.make("case", partner_id=cls.partner.id, **cls.of_company)
        of_case = {"case_id": case.id}
        line = cls.items(cls.first_invoice)
        item = cls.make("case.item", move_line_id=line.id, **of_case)
        court = cls.pick("court")
        return {
            "case": case,
            "case.item": item,
            "hand": cls.env["account.dunning.hand"].sudo()._get_live(item.move_line_id),
            "case.piece": cls.make("case.piece", name="Order", category="order", **of_case),
            "case.finding": cls.make("case.finding", code="guarded", level="warning", **of_case),
            "case.document": cls.make("case.document", kind="guarded", **of_case),
            "case.cost": cls.make("case.cost", name="Registry", amount=30, **of_case),
            "case.clock": cls.make("case.clock", kind="limitation", **of_case),
            "route.fee": cls.make(
                "route.fee",
                route="summons",
                name="Fee",
                amount=1,
                source="Tariff",
                **cls.of_company,
            ),
            "court": court,
            "commune": cls.make("commune", code="99999", name="Commune", court_id=court.id),
        }

    @classmethod
    def make_settings(cls):
        """Settings, runs, and what is written down of both."""
        run = cls.make("run", kind="send_chosen", **cls.of_company)
        level = cls.pick("level")
        terms, accepted = (
            cls.make(
                "terms", name="Terms", date_from=on, file=b64encode(b"terms"), **cls.of_company
            )
            for on in (TODAY, days_ago(30))
        )
        return {
            "run": run,
            "run.failure": cls.make("run.failure", run_id=run.id, **cls.of_company),
            "try": cls.make("try", key="guarded", count=1, since=TODAY),
            "change": cls.make("change", kind="changed", res_model="res.company", **cls.of_company),
            "policy": level.policy_id,
            "level": level,
            "rule": cls.make("rule", policy_id=level.policy_id.id, regime="b2c", **cls.of_company),
            "rate": cls.pick("rate"),
            "terms": terms,
            "terms.acceptance": cls.make(
                "terms.acceptance",
                terms_id=accepted.id,
                partner_id=cls.debtor.id,
                date=TODAY,
            ),
            "retention": cls.pick("retention"),
        }

    @classmethod
    def make_covers(cls):
        """Records of who bears a claim beside us, or has it in hand."""
        insurance = cls.make(
            "insurance",
            name="P",
            insurer_id=cls.debtor.id,
            percent=90,
            notify_days=60,
            **cls.of_company,
        )
        cover = cls.make("cover", insurance_id=insurance.id, partner_id=cls.debtor.id, limit=1)
        assigned = cls.make(
            "assignment",
            name="Q1",
            holder_id=cls.customer("Factor").id,
            line_ids=[Command.create({"move_line_id": cls.items(cls.late).id})],
            **cls.of_company,
        )
        return {
            "insurance": insurance,
            "cover": cover,
            "insured": cls.make(
                "insured", cover_id=cover.id, move_id=cls.late.id, date_maturity=days_ago(5)
            ),
            "assignment": assigned,
            "assignment.line": assigned.line_ids,
            "assignment.wording": cls.pick("assignment.wording"),
            "convention": cls.make(
                "convention", agency_id=cls.other.id, signed_on=TODAY, **cls.of_company
            ),
            "agency.receipt": cls.make(
                "agency.receipt", line_id=assigned.line_ids.id, date=TODAY, amount=1
            ),
        }

    @classmethod
    def make_insolvencies(cls):
        """Proceedings, and what becomes of a claim that is lost."""
        bankrupt = cls.make(
            "insolvency",
            date_opening=days_ago(5),
            partner_id=cls.customer("Bankrupt").id,
            **cls.of_company,
        )
        proceedings = {"insolvency_id": bankrupt.id}
        relief = cls.make("vat.relief", **cls.whose)
        return {
            "insolvency": bankrupt,
            "insolvency.step": cls.make(
                "insolvency.step", kind="contested", date=TODAY, **proceedings
            ),
            "insolvency.good": cls.make(
                "insolvency.good", name="Goods", move_id=cls.late.id, **proceedings
            ),
            "insolvency.dividend": cls.make(
                "insolvency.dividend", date=TODAY, percent=50, **proceedings
            ),
            "impairment": cls.make("impairment", date=TODAY, treatment="keep", **cls.whose),
            "impairment.rule": cls.pick("impairment.rule"),
            "vat.relief": relief,
            "vat.relief.line": cls.make(
                "vat.relief.line",
                relief_id=relief.id,
                move_line_id=cls.items(cls.late).id,
                tax_id=cls.env["account.tax"].sudo().search([], limit=1).id,
            ),
            "vat.wording": cls.pick("vat.wording"),
        }

    @classmethod
    def make_others(cls):
        """What is known of a customer, of his penalties and of money that may be his."""
        return {
            "risk": cls.make("risk", **cls.whose),
            "check": cls.make("check", kind="identity", result="Active", **cls.whose),
            "penalty": cls.make("penalty", **cls.euro, **cls.whose),
            "debit.return": cls.make(
                "debit.return", day=TODAY, amount=1, key="x", **cls.euro, **cls.whose
            ),
            "set.aside": cls.make(
                "set.aside",
                kind="bank",
                source_id=1,
                decided_on=TODAY,
                decided_by=cls.env.uid,
                **cls.euro,
                **cls.whose,
            ),
        }

    def states(self, model):
        """Return the states that the guard of a model knows, each with what makes it.

        :return: ``{state: (table, {column: value})}``; a column is written as no person could
        """
        record = self.records[model]
        own = record._table
        if model == "account.dunning.hold":
            return {
                "open": (own, {}),
                "released": (own, {"released_on": TODAY}),
                "owned": (own, {"dispute_id": self.records["account.dunning.dispute"].id}),
            }
        if model == "account.dunning.terms":
            return {"open": (own, {})}  # accepted: tests/orm/prevention/test_general_terms.py
        if model == "account.dunning.case.piece":
            return {
                "open": (own, {}),
                "left": (own, {"has_left": True}),
                "decided": ("account_dunning_case", {"state": "closed"}),
            }
        if model in ("account.dunning.payment.plan", "account.dunning.payment.plan.line"):
            table = "account_dunning_payment_plan"
            states = self.env["account.dunning.payment.plan"]._fields["state"].get_values(self.env)
            found = {state: (table, {"state": state}) for state in states}
            return {**found, "signed": (table, {"signed_at": f"{TODAY} 10:00:00"})}
        if model == "account.dunning.case.cost":
            states = self.env["account.dunning.case"]._fields["state"].get_values(self.env)
            return {state: ("account_dunning_case", {"state": state}) for state in states}
        if model == "account.dunning.insured":
            return {"open": (own, {}), "booked": (own, {"step": "paid"})}
        if model == "account.move.line":
            return {"kept": (own, {})}
        field = record._fields.get("state")
        if field is None or not field.store or field.type != "selection" or model in ODOO_MODELS:
            return {"": (own, {})}
        return {state: (own, {"state": state}) for state in field.get_values(self.env)}

    def put(self, model, table, values):
        """Put a record in a state behind the ORM."""
        record = self.records[model]
        place = record
        if table != record._table:
            place = record.case_id if "case_id" in record._fields else record.plan_id
        self.env.flush_all()
        for column, value in values.items():
            # Names of our own tables and columns: nothing of them comes from outside.
            self.env.cr.execute(
                f"UPDATE {table} SET {column} = %s WHERE id = %s",
                (value, place.id),
            )
        self.env.invalidate_all()
        return record

    def another(self, record, name):
        """Return another value of a field than the present one, where its kind has one."""
        field = record._fields[name]
        if field.type in ("integer", "float", "monetary"):
            return record[name] + 1
        if field.type == "boolean":
            return not record[name]
        # The number of a registered letter is looked at before who writes it.
        if field.type in ("char", "text") and name != "number":
            return "forged"
        if field.type == "date":
            return "2020-02-29"
        if field.type == "selection":
            others = [value for value in field.get_values(self.env) if value != record[name]]
            return others[0] if others else record[name]
        if field.type == "json":  # what is written unchanged, Odoo does not write on an item
            return {"another": True}
        if field.type == "many2one" and field.comodel_name == "ir.attachment":
            return self.secret.id
        if field.type == "many2one":
            others = self.env[field.comodel_name].sudo().with_context(active_test=False)
            found = others.search([("id", "!=", record[name].id)], limit=1)
            return found.id or self.present(record, name)
        return self.present(record, name)

    def present(self, record, name):
        """Return the present value of a field as ``write`` takes it: writing it changes nothing."""
        field = record._fields[name]
        if field.type in ("one2many", "many2many"):
            return [Command.set(record[name].ids)]
        return field.convert_to_write(record[name], record)


@tagged("post_install", "-at_install")
class TestGuardedFields(GuardedWorld):
    def attempt(self, method, *args):
        """Call a method and take it back; return the refusal of the guard, or None."""
        point = self.env.cr.savepoint()
        try:
            with mute_logger("odoo.sql_db"):
                method(*args)
                self.env.flush_all()
        except AccessError as error:
            return str(error)
        except Exception:  # refused for another reason than the guard: its own tests look at it
            return None
        finally:
            point.rollback()
            point.close(rollback=False)
            self.env.invalidate_all()
        return None

    def test_the_table_names_every_field(self):
        missing, wrong = [], []
        for model in self.kept_models():
            known = self.table.get(model, {})
            for name in self.guarded_fields(model):
                writer = self.env[model]._get_dunning_writer(self.env[model]._fields[name])
                if name not in known:
                    missing.append(f"{model},{name},{writer}")
                elif known[name] != writer:
                    wrong.append(f"{model}.{name}: {writer}, the table says {known[name]}")
        gone = [
            f"{model}.{name}"
            for model, names in self.table.items()
            for name in names
            if model not in self.env or name not in self.env[model]._fields
        ]
        rows = "\n".join([*missing, *wrong, *gone])
        self.assertFalse(rows, f"Say in {TABLE.name} who writes them:\n{rows}")

    def kept_models(self):
        """Return the models whose records the addon keeps, and those of Odoo that it extends."""
        ours = sorted(
            name
            for name, model in self.registry.items()
            if model._original_module == ADDON
            and not (model._abstract or model._transient)
            and model._auto
        )
        return [*ours, *ODOO_MODELS]

    def guarded_fields(self, model):
        """Return the names of the fields of ours that a write would keep."""
        return sorted(
            name
            for name, field in self.env[model]._fields.items()
            if (field._module or "").startswith(ADDON)
            and name not in models.MAGIC_COLUMNS
            and (field.store or field.inverse)
            and (model not in ODOO_MODELS or name.startswith("dunning_"))
        )

    def test_every_kept_model_is_dunning_guarded_and_tried(self):
        for model in self.kept_models():
            self.assertTrue(hasattr(self.env[model], "_get_dunning_state"), model)
            self.assertTrue(self.records[model].exists(), model)

    def test_nobody_writes_what_the_table_does_not_give_him(self):
        """Every stored field of every model × role × state, by ``write``."""
        wrong = []
        for model, names in self.table.items():
            for state, (table, values) in self.states(model).items():
                point = self.env.cr.savepoint()
                record = self.put(model, table, values)
                present = {name: self.present(record, name) for name in names}
                for name, writer in names.items():
                    if writer == "anyone" or state in writer.split():
                        wrong += self.refused_wrongly(record, state, name, present[name])
                    else:
                        wrong += self.let_in(record, state, name)
                point.rollback()
                point.close(rollback=False)
                self.env.invalidate_all()
        self.assertEqual(wrong, [])

    def refused_wrongly(self, record, state, name, value):
        """Return, as a list, where the guard refuses who has the right to the model."""
        theirs = record.with_user(self.users["manager"])
        refusal = self.attempt(theirs.write, {name: value}) or ""
        told = f"({name}) {REFUSAL}" in refusal
        return [f"{record._name}.{name} refused in state {state}"] if told else []

    def let_in(self, record, state, name):
        """Return, as a list, the roles whom nothing refuses."""
        value, roles = self.another(record, name), []
        for role, user in self.users.items():
            try:
                record.with_user(user).write({name: value})
            except AccessError:
                continue
            roles.append(f"{record._name}.{name} written by {role} in state {state}")
        return roles

    def test_nobody_creates_with_what_the_table_does_not_give_him(self):
        accepted = []
        for model, names in self.table.items():
            if model in ODOO_MODELS:
                continue
            record = self.records[model]
            for role, user in self.users.items():
                theirs = self.env[model].with_user(user)
                for name, writer in names.items():
                    if writer == "anyone" or "create" in writer.split():
                        continue
                    vals = {name: self.present(record, name)}
                    for way in (theirs.create, lambda vals, t=theirs: t.web_save(vals, {})):
                        if not self.attempt(way, vals):
                            accepted.append(f"{model}.{name} by {role}")
        self.assertEqual(accepted, [])

    def test_defaults_of_the_context_and_of_users_are_not_taken(self):
        plan_debtor = self.customer("Defaults")
        self.invoice(plan_debtor, 40)
        given = {
            "account.dunning.payment.plan": (
                {"partner_id": plan_debtor.id},
                {"signed_id": self.secret.id, "state": "running", "signed_ip": "203.0.113.7"},
            ),
            "account.dunning.case.piece": (
                {"case_id": self.records["account.dunning.case"].id, "name": "x"},
                {"attachment_id": self.secret.id, "origin": "made", "left_out": True},
            ),
            "account.dunning.hold": (
                {"partner_id": plan_debtor.id},
                {
                    "released_on": TODAY,
                    "dispute_id": self.records["account.dunning.dispute"].id,
                },
            ),
            "account.dunning.call": (
                {"partner_id": plan_debtor.id},
                {"state": "done", "outcome": "paid"},
            ),
        }
        for model, (vals, forged) in given.items():
            for name, value in forged.items():
                with self.subTest(model=model, field=name, way="context"):
                    theirs = self.env[model].with_user(self.users["biller"])
                    record = theirs.with_context(**{f"default_{name}": value}).create(vals)
                    self.assertNotEqual(self.present(record.sudo(), name), value)
                    record.sudo().unlink() if model != "account.dunning.case.piece" else None
                with self.subTest(model=model, field=name, way="default of a user"):
                    self.env["ir.default"].set(model, name, value, user_id=False)
                    shown = self.env[model].with_user(self.users["biller"]).default_get([name])
                    self.assertNotEqual(shown.get(name), value)
                with self.subTest(model=model, field=name, way="full rights"):
                    shown = self.env[model].with_context(**{f"default_{name}": value})
                    self.assertNotEqual(shown.sudo().default_get([name]).get(name), value)

    def test_no_way_around_by_import_copy_or_the_parent(self):
        piece = self.records["account.dunning.case.piece"]
        plan = self.records["account.dunning.payment.plan"]
        biller, manager = self.users["biller"], self.users["manager"]
        count = self.env["account.dunning.case.piece"].search_count([])
        loaded = (
            self.env["account.dunning.case.piece"]
            .with_user(biller)
            .load(
                ["case_id/.id", "name", "attachment_id/.id"],
                [[str(piece.case_id.id), "x", str(self.secret.id)]],
            )
        )
        self.assertFalse(loaded["ids"])
        self.assertIn(REFUSAL, loaded["messages"][0]["message"])
        self.assertEqual(self.env["account.dunning.case.piece"].search_count([]), count)
        case = self.records["account.dunning.case"].with_user(manager)
        forged = {"attachment_id": self.secret.id}
        for command in (
            Command.update(piece.id, forged),
            Command.create({"name": "x", **forged}),
        ):
            self.assertIn(REFUSAL, self.attempt(case.write, {"piece_ids": [command]}) or "")
        line = Command.create({"date": TODAY, "amount": 1, "reminded_on": TODAY})
        theirs = plan.with_user(biller)
        self.assertIn(REFUSAL, self.attempt(theirs.write, {"line_ids": [line]}) or "")
        plan.sudo().signer = "Somebody"
        copied = theirs.copy()
        self.assertFalse(copied.sudo().signer)
        self.assertEqual(copied.state, "draft")

    def test_no_key_of_the_context_opens_a_field(self):
        keys = ("dunning_recall", "dunning_reprint", "dunning_case_life", "dunning_withdraw")
        keys += ("install_mode", "import_file", "tracking_disable")
        notice = self.put("account.dunning.notice", "account_dunning_notice", {"state": "sent"})
        for key in keys:
            theirs = notice.with_user(self.users["manager"]).with_context(**{key: True})
            with self.subTest(key=key):
                self.assertIn(REFUSAL, self.attempt(theirs.write, {"state": "cancelled"}) or "")

    def test_the_code_with_full_rights_writes_them(self):
        piece = self.records["account.dunning.case.piece"].with_user(self.users["biller"])
        piece._owned().problem = False
        self.assertFalse(piece.problem)
        with self.assertRaises(AccessError):
            piece.with_user(self.users["reader"])._owned()

    def test_forms_show_them_read_only(self):
        shown = (
            self.env["account.dunning.payment.plan"]
            .with_user(self.users["biller"])
            .fields_get(["signed_at", "note"], ["readonly"])
        )
        self.assertTrue(shown["signed_at"]["readonly"])
        self.assertFalse(shown["note"]["readonly"])


@tagged("post_install", "-at_install")
class TestGuardedFieldsOverRpc(SignedIn, GuardedWorld, HttpCase):
    def rpc(self, model, method, args):
        """Call a method over real HTTP; return the message of the error, or ``""``."""
        error = self.post(model, method, args).json().get("error")
        return error["data"]["message"] if error else ""

    def first_field(self, model):
        """Return a field that no person writes, if the model has one."""
        names = sorted(n for n, writer in self.table[model].items() if writer == "code")
        return next(iter(names), None)

    @mute_logger("odoo.http", "odoo.sql_db")
    def test_a_write_and_a_create_for_each_model_and_role(self):
        for role in self.users:
            self.authenticate(f"guard_{role}", f"guard_{role}-pass")
            for model in self.table:
                name = self.first_field(model)
                if not name:
                    continue
                record = self.records[model]
                before = record[name]
                value = json.loads(json.dumps(self.another(record, name), default=str))
                with self.subTest(model=model, field=name, role=role):
                    self.assertTrue(self.rpc(model, "write", [record.ids, {name: value}]))
                    if model not in ODOO_MODELS:
                        self.assertTrue(self.rpc(model, "create", [{name: value}]))
                    self.env.invalidate_all()
                    self.assertEqual(record[name], before)
