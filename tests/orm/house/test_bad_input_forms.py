"""Every date and number of every form, while it is typed and when it is kept, and the imports."""

from odoo.exceptions import UserError
from odoo.models import MAGIC_COLUMNS
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..dunning_common import TODAY
from ..feeding_common import FeedingCommon
from ..hostile_common import HostileCommon
from .test_rights_matrix import MATRIX

TYPED = ("date", "datetime", "float", "monetary", "integer")
ODOO = ("res.company", "res.partner", "account.move")
# What the addon writes itself, though nothing in the model says so.
WRITTEN = ("account.dunning.aged.balance.line", "account.dunning.year.end.line")
WRITTEN += ("account.dunning.golive.line", "account.dunning.booking.line")
WRITTEN += ("account.dunning.notice.line", "account.dunning.run", "account.dunning.run.failure")
NUMBERS = (2**31 - 1, -(2**31), 10**6, 1, 0, -1)
BAD_DATES = ("0001-01-01", "1582-10-15", "2300-01-01", "9999-12-31", "2026-02-30", "soon", 7)
BAD_AMOUNTS = (1e15, -1e18, float("inf"), float("nan"), "1e3", "many")


@tagged("post_install", "-at_install")
class TestBadInputForms(FeedingCommon, HostileCommon):
    def typed_fields(self, model):
        """Return the dates and numbers that a person types in a model."""
        return {
            name: field
            for name, field in model._fields.items()
            if field.type in TYPED
            and name not in MAGIC_COLUMNS
            and not field.readonly
            and name != "sequence"
            and any(module == "account_dunning_fr" for module in field._modules)
        }

    def models(self):
        """Return the models in which somebody types, with their fields."""
        names = [name for name in MATRIX if set("wc") & set("".join(MATRIX[name]))]
        found = {name: self.typed_fields(self.env[name]) for name in (*names, *ODOO)}
        return {name: found[name] for name in found if found[name] and name not in WRITTEN}

    def test_every_model_in_which_a_date_or_a_number_is_typed_checks_it(self):
        models = self.models()
        self.assertGreater(len(models), 25)
        unchecked = [
            name for name in models if not hasattr(self.env[name], "_get_dunning_implausible")
        ]
        self.assertFalse(unchecked, "Inherit account.dunning.plausible")

    def bad_values(self, field):
        if field.type in ("date", "datetime"):
            return BAD_DATES
        return (2**31 - 1, -(2**31), "many") if field.type == "integer" else BAD_AMOUNTS

    def test_what_is_impossible_is_refused_while_it_is_typed_with_the_name_of_its_field(self):
        for name, fields in self.models().items():
            model = self.env[name].with_context(lang="fr_FR")
            labels = model.fields_get(list(fields), ["string"])
            for field_name, field in fields.items():
                for value in self.bad_values(field):
                    with self.subTest(model=name, field=field_name, value=value):
                        with self.assertRaises(UserError) as caught:
                            model.onchange({field_name: value}, [field_name], {field_name: {}})
                        self.assertIn(labels[field_name]["string"], str(caught.exception))
                        self.assertRegex(str(caught.exception), "n’est pas|n'est pas|possible")

    def records(self):
        """Return a record of each model that the fixture holds."""
        agent = self.case.handover_partner_id
        cost = {"case_id": self.case.id, "name": "Bailiff", "amount": 10, "date": TODAY}
        costs = self.env["account.dunning.case.cost"]
        made = [
            *(self.payment_plan, self.insolvency, self.case, self.pieces[:1], self.letter),
            *(self.registered, self.policy, self.case.court_id, self.balance, self.monthly),
            *(self.statement_of_penalties, self.account_statement, self.chronology, self.year_end),
            costs.create({k: v for k, v in cost.items() if k in costs._fields}),
            self.env["account.dunning.hold"].create({"partner_id": self.second.id}),
            self.env["account.dunning.call"].create({"partner_id": self.second.id}),
            self.env["account.dunning.dispute"].create(
                {"move_id": self.invoice(self.second, 5, 80).id, "amount": 80}
            ),
            self.env["account.dunning.promise"].create(
                {"partner_id": self.second.id, "amount": 5, "date_promised": "2026-06-20"}
            ),
            self.env["account.dunning.rate"].search([], limit=1),
            self.env["account.dunning.case.handover"].create(
                {"case_id": self.case.id, "partner_id": agent.id}
            ),
            *(self.company, self.partner, self.first_invoice),
        ]
        return {record._name: record for record in made}

    def test_whatever_is_typed_in_a_form_is_kept_or_refused_with_a_sentence(self):
        """And after what was kept, the day's plan and the file's sums are still made."""
        fields = self.models()
        targets = [
            (record, name)
            for model, record in self.records().items()
            for name in fields.get(model, ())
        ]
        self.assertGreater(len(targets), 60)

        def form(chance):
            record, name = chance.choice(targets)
            kind = record._fields[name].type
            if kind in ("date", "datetime"):
                value = self.a_day(chance)
            else:
                value = chance.choice(NUMBERS) if kind == "integer" else self.an_amount(chance)
            record.onchange({name: value}, [name], {name: {}})
            record.write({name: value})
            self.env.flush_all()
            self.env["account.dunning.notice.draft"]._follow_plan(
                self.company, partners=self.partner + self.second
            )
            if record._name.startswith("account.dunning.case"):
                self.case._refresh()

        with self.fast_print():
            self.assertTrue(self.feed("form", form))

    # -- Imports -----------------------------------------------------------------------------------

    @mute_logger("odoo.sql_db", "odoo.models")
    def test_an_import_of_records_tells_each_row_that_it_refuses(self):
        rows = {
            "account.dunning.rate": (
                [
                    "date_from",
                    "ecb_rate",
                    "legal_rate_other",
                    "legal_rate_individuals",
                    "legal_source",
                ],
                ["2031-01-01", "2.15", "2.62", "6.65", "Arrêté"],
            ),
            "account.dunning.court": (
                ["code", "name", "kind", "filing_fee"],
                ["tc_test", "Tribunal de test", "commerce", "31.80"],
            ),
            "account.dunning.case.cost": (
                ["case_id/.id", "name", "date", "amount"],
                [str(self.case.id), "Signification", TODAY, "72.38"],
            ),
        }
        for model, (columns, good) in rows.items():
            records = self.env[model]
            columns = [c for c in columns if c.split("/")[0] in records._fields]

            def load(chance, records=records, columns=columns, good=good):
                row = list(good[: len(columns)])
                for number in range(len(row)):
                    if chance.random() < 0.4:
                        row[number] = chance.choice((self.a_day(chance), "1e18", "x", "", "-5"))
                answer = records.load(columns, [row])
                if not answer["ids"]:
                    self.assertTrue(answer["messages"])
                    for message in answer["messages"]:
                        self.assertRegex(str(message["message"]), r"\w+ \w+ \w+")
                self.env.flush_all()

            with self.subTest(model=model):
                self.assertTrue(self.feed(f"import of {model}", load))

    # -- What a page asks --------------------------------------------------------------------------

    def test_the_dashboard_answers_whatever_it_is_asked(self):
        dashboard = self.env["account.dunning.dashboard"]

        def ask(chance):
            given = ("", 0, -1, "x", [], {}, None, 2**40, "0001-01-01", "2026-05-31", 1.5, True)
            names = ("as_of", "salesperson_id", "collector_id", "currency_id", "regime", "profile")
            filters = {name: chance.choice(given) for name in names if chance.random() < 0.5}
            if chance.random() < 0.5:
                filters["company_ids"] = chance.choice(([], [0], ["x"], [self.company.id], None))
            self.assertTrue(dashboard.get_data(filters)["figures"])

        self.assertTrue(self.feed("dashboard", ask))
