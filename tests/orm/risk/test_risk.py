"""A class from our own books, limits, checks, and the notices of the BODACC by SIREN alone."""

import json
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..dunning_common import TODAY, DunningCommon, day, days_ago

ADDON = "account_dunning_fr"
SIREN, OTHER_SIREN, TWIN_SIREN = "732829320", "542107651", "383474814"
ADDRESS = f"{ADDON}.%s_address"


def notice(number="A1", siren=SIREN, nature="redressement judiciaire", **values):
    """Return a notice as the open data gives it."""
    judgment = {
        "famille": "Jugement d'ouverture",
        "nature": f"Jugement d'ouverture d'une procédure de {nature}",
        "date": "15 mai 2026",
        "complementJugement": "Mandataire judiciaire désigné.",
        **values.pop("judgment", {}),
    }
    return {
        "id": number,
        "familleavis": "collective",
        "typeavis": "annonce",
        "dateparution": "2026-05-28",
        "tribunal": "Tribunal des activités économiques de Lyon",
        "registre": [siren],
        "jugement": json.dumps(judgment),
        "listepersonnes": json.dumps({"personne": {"typePersonne": "pm"}}),
        **values,
    }


class Register:
    """A real server on this machine, that answers, refuses, cuts or speaks of something else."""

    def __enter__(self):
        self.asked, self.pages, self.identity, self.fault = [], {}, {}, ""
        register = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                register.answer(self)

            def log_message(self, *args):
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/records"
        Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *args):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, handler):
        query = {name: values[0] for name, values in parse_qs(urlsplit(handler.path).query).items()}
        self.asked.append(query)
        body = self.write(query).encode()
        if self.fault == "refuse":
            handler.send_response(503)
            body = b"busy"
        elif self.fault == "elsewhere":
            handler.send_response(302)
            handler.send_header("Location", "https://elsewhere.example")
        else:
            handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[: len(body) // 2] if self.fault == "cut" else body)

    def write(self, query):
        if self.fault == "prose":
            return "<html>maintenance</html>"
        if "q" in query:
            return json.dumps({"results": self.identity.get(query["q"], [])})
        on = query["where"].rpartition("date'")[2].strip("'")
        first = int(query["offset"])
        return json.dumps({"results": self.pages.get(on, [])[first : first + 100]})


@tagged("post_install", "-at_install")
class TestRisk(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.dunning_lang = "en_US"
        cls.company.write({"dunning_risk": True, "country_id": cls.env.ref("base.fr").id})
        cls.good = cls.customer("Good", dunning_regime="b2b", company_registry=OTHER_SIREN)
        cls.bad = cls.customer("Bad", dunning_regime="b2b", company_registry=SIREN)
        cls.consumer = cls.customer("Consumer", is_company=False, dunning_regime="b2c")
        cls.trader = cls.customer("Trader", is_company=False, dunning_regime="b2b")
        for count in range(3):
            for partner, late in ((cls.good, 0), (cls.bad, 40)):
                invoice = cls.invoice(partner, 100 + count, 100)
                with cls.on_day(days_ago(100 + count - late)):
                    cls.pay(invoice)
        for partner in (cls.good, cls.bad, cls.consumer, cls.trader):
            cls.invoice(partner, -10, 1000)
        cls.late = cls.invoice(cls.bad, 95, 100)
        cls.biller = cls.new_user("risk_biller", "account.group_account_invoice")
        cls.manager = cls.new_user("risk_manager", f"{ADDON}.group_dunning_manager")
        cls.risks = cls.env["account.dunning.risk"]
        cls.checks = cls.env["account.dunning.check"]
        cls.proceedings = cls.env["account.dunning.insolvency"]

    @classmethod
    def on_day(cls, on):
        return cls("on").on(on.isoformat())

    def rate(self, *partners):
        self.risks._review(self.company, day(TODAY), [each.id for each in partners] or None)
        return self.risks.search([("partner_id", "in", [each.id for each in partners])])

    def load(self, *notices, text=None):
        dialog = self.env["account.dunning.register.import"].with_user(self.biller)
        record = dialog.create({"text": text or json.dumps(list(notices))})
        action = record.action_import()
        return record, action

    def live(self, partner):
        return self.proceedings.search([("partner_id", "=", partner.id), ("state", "=", "open")])

    # -- The class ---------------------------------------------------------------------------------

    def test_the_class_comes_from_the_books_with_its_reasons(self):
        good, bad = self.rate(self.good), self.rate(self.bad)
        self.assertEqual((good.letter, good.points, good.used), ("A", 0, 1000))
        self.assertIn("Pays on time", good.reason_text)
        # 300 € forty days late, 100 € ninety-five days overdue: 53.75 days on average.
        self.assertEqual((bad.letter, bad.points), ("D", 8))
        self.assertIn("Pays 54 days late on average, by amount; points: 4.", bad.reason_text)
        self.assertIn("95 days overdue; points: 4.", bad.reason_text)
        self.assertEqual(self.bad.dunning_risk_class, "D")

    def test_the_tab_of_a_customer_tells_his_class_and_his_checks(self):
        self.rate(self.bad)
        check = self.checks.create({"partner_id": self.bad.id, "result": "Late everywhere"})
        reader = self.new_user("risk_reader", "account.group_account_readonly", lang="en_US")
        groups = self.bad.with_user(reader).get_dunning_risk_facts()
        rows = {row["name"]: row["value"] for group in groups for row in group["rows"]}
        self.assertIn("D", rows["dunning_risk_class"])
        self.assertIn("54 days late", rows["dunning_risk_reasons"])
        [table] = [group["table"] for group in groups if group.get("table")]
        [line] = table["rows"]
        self.assertIn("Late everywhere", line["cells"])
        # The check opens from its first column, which the keyboard reaches.
        self.assertEqual(line["opens"], {"model": check._name, "id": check.id})
        self.assertEqual([column["opens"] for column in table["columns"]], [True] + [False] * 5)
        notes = [note["text"] for group in groups for note in group.get("notes", ())]
        self.assertFalse([note for note in notes if "No class" in note])

    def test_who_does_not_use_the_classes_has_no_tab_of_them(self):
        form, books = self.env.ref("base.view_partner_form").id, "account.group_account_readonly"
        uses = f"{ADDON}.group_use_risk"
        users = {
            self.new_user("risk_used", books, uses): True,
            self.new_user("risk_unused", books): False,
            # The tab is of the accountants, whoever uses the classes.
            self.new_user("risk_seller", uses): False,
        }
        for user, seen in users.items():
            arch = self.bad.with_user(user).get_views([(form, "form")])["views"]["form"]["arch"]
            self.assertEqual('name="dunning_risk"' in arch, seen, user.login)

    def test_the_tab_says_why_there_is_no_class_and_hides_the_checks_of_others(self):
        other = self.env["res.company"].create({"name": "Another creditor"})
        self.checks.create(
            {"partner_id": self.good.id, "company_id": other.id, "result": "Not theirs"}
        )
        reader = self.new_user("risk_reader", "account.group_account_readonly", lang="en_US")
        [notes] = self.good.with_user(reader).get_dunning_risk_facts()
        self.assertIn("No class", notes["notes"][0]["text"])
        with self.assertRaises(AccessError):
            self.good.with_user(self.new_user("risk_outsider")).get_dunning_risk_facts()

    def test_who_is_no_legal_person_has_none(self):
        self.assertFalse(self.rate(self.consumer, self.trader))
        for partner in (self.consumer, self.trader):
            with self.subTest(partner=partner.name), self.assertRaises(ValidationError):
                self.risks.sudo().create(
                    {"company_id": self.company.id, "partner_id": partner.id, "letter": "A"}
                )
            with self.subTest(partner=partner.name), self.assertRaises(ValidationError):
                self.checks.create({"partner_id": partner.id, "result": "Solvent"})
        self.company.dunning_risk_sole_traders = True
        self.assertEqual(self.rate(self.consumer, self.trader).partner_id, self.trader)
        self.company.dunning_risk_sole_traders = False
        self.assertFalse(self.rate(self.trader))

    def test_who_turns_out_to_be_a_consumer_loses_what_rated_him(self):
        self.rate(self.good)
        self.checks.create({"partner_id": self.good.id, "result": "Solvent"})
        self.checks.create({"partner_id": self.good.id, "kind": "identity", "result": "Active"})
        self.good.dunning_regime = "b2c"
        self.assertFalse(self.good.dunning_risk_id)
        self.assertEqual(self.good.dunning_check_ids.mapped("kind"), ["identity"])

    def test_a_whole_look_is_made_in_batches_and_writes_what_changed_only(self):
        self.risks._review(self.company, day(TODAY))
        first = self.risks.search([("company_id", "=", self.company.id)])
        self.assertEqual(first.partner_id, self.good | self.bad)
        with self.assertQueryCount(12):
            self.risks._review(self.company, day(TODAY))

    # -- Limits ------------------------------------------------------------------------------------

    def test_a_limit_is_asked_for_by_anybody_and_granted_by_a_manager(self):
        risk = self.rate(self.good)
        asked = risk.with_user(self.biller)
        asked.limit_asked = 5000
        self.assertEqual((risk.asked_by, risk.asked_on), (self.biller, day(TODAY)))
        for values in ({"limit_granted": 9000}, {"letter": "A"}, {"has_limit": True}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                asked.write(values)
        risk.with_user(self.manager).limit_granted = 900
        self.assertEqual((risk.granted_by, risk.is_over), (self.manager, True))
        rated = self.rate(self.good)
        self.assertEqual((rated.letter, rated.points), ("B", 2))  # 112 % of the limit
        self.assertEqual(rated.letter_before, "A")
        self.assertTrue(rated.is_worse)
        self.assertIn("Uses 112 % of his limit", rated.reason_text)
        self.assertFalse(self.good.use_partner_credit_limit, "nothing of Odoo's is touched")

    def test_why_a_customer_is_to_be_checked(self):
        risk = self.rate(self.good)
        self.assertEqual(risk.why_to_check, "Never checked")
        self.checks.with_user(self.biller).create(
            {"partner_id": self.good.id, "result": "Kbis seen", "kind": "identity"}
        )
        self.assertFalse(risk.to_check)
        with self.on("2027-06-02"):
            self.risks._review(self.company, day("2027-06-02"), self.good.ids)
            self.assertIn("Checked long ago", risk.why_to_check)
        page = self.env["account.dunning.today"].with_user(self.manager)
        self.assertFalse(page._get_risk_acts(self.company, day(TODAY)), "not seen until used")

    # -- Notices -----------------------------------------------------------------------------------

    def test_a_notice_opens_proceedings_to_confirm_and_stops_at_once(self):
        self.load(notice())
        found = self.live(self.bad)
        self.assertEqual((found.to_confirm, found.kind), (True, "receivership"))
        self.assertEqual(
            (found.date_opening, found.date_published), (day("2026-05-15"), day("2026-05-28"))
        )
        self.assert_held(self.late, True)
        self.assertEqual(self.bad.dunning_risk_class, "E")
        with self.assertRaisesRegex(UserError, "Confirm"):
            found.with_user(self.biller).action_declared()
        with self.assertRaises(AccessError):
            found.with_user(self.biller).to_confirm = False
        found.with_user(self.biller).action_confirm()
        self.assertFalse(found.to_confirm)
        self.assertIn(found.date_deadline, found.activity_ids.mapped("date_deadline"))
        found.with_user(self.biller).action_declared()
        self.assertEqual(found.state, "declared")

    def assert_held(self, move, held):
        holds = self.env["account.dunning.hold"].search(
            [
                ("partner_id", "=", move.partner_id.id),
                ("reason", "=", "insolvency"),
                ("released_on", "=", False),
            ]
        )
        self.assertEqual(bool(holds), held)

    def test_nobody_is_found_by_his_name_and_nothing_twice(self):
        self.load(notice(siren=TWIN_SIREN, commercant=self.bad.name))
        self.assertFalse(self.live(self.bad))
        self.load(notice(), notice())
        self.load(notice())
        self.assertEqual(len(self.live(self.bad)), 1)
        self.assertEqual(self.checks.search_count([("partner_id", "=", self.bad.id)]), 1)

    def test_natural_persons_and_consumers_are_left_out(self):
        persons = json.dumps({"personne": {"typePersonne": "pp"}})
        self.consumer.company_registry = TWIN_SIREN
        _record, action = self.load(notice(listepersonnes=persons), notice("A2", siren=TWIN_SIREN))
        self.assertFalse(self.live(self.bad) | self.live(self.consumer))
        self.assertIn("natural persons, left out: 2", action["params"]["message"])

    def test_what_is_taken_back_before_it_was_confirmed_is_undone(self):
        previous = {"nomPublication": "BODACC A", "numeroParution": "2026", "numeroAnnonce": "77"}
        taken_back = notice(
            "A99", typeavis="annulation", parutionavisprecedent=json.dumps(previous)
        )
        self.load(notice("A202677"))
        self.assert_held(self.late, True)
        self.load(taken_back)
        self.assertFalse(self.live(self.bad))
        self.assert_held(self.late, False)

    def test_what_was_confirmed_is_for_a_person(self):
        self.load(notice("A202677"))
        found = self.live(self.bad)
        found.action_confirm()
        cases = (
            ("conversion en liquidation judiciaire", "converted"),
            ("clôture pour insuffisance d'actif", "closed"),
            ("rétractation", "set aside"),
        )
        for number, (nature, word) in enumerate(cases):
            with self.subTest(nature=nature):
                self.load(notice(f"B{number}", judgment={"nature": nature, "famille": "Jugement"}))
                self.assertIn(word, " ".join(found.activity_ids.mapped("summary")))
        self.assertEqual((found.state, found.kind), ("open", "receivership"))

    def test_bad_lines_are_refused_and_another_file_is_none(self):
        record, _action = self.load(notice(), notice("A2", siren="12"), 3)
        self.assertEqual(record.problem_count, 2)
        self.assertIn("Line 2: “12” holds no SIREN", record.problems)
        self.assertEqual(len(self.live(self.bad)), 1)
        for text in ("hello", "{}", "a;b\n1;2"):
            with self.subTest(text=text), self.assertRaises(UserError):
                self.load(text=text)

    def test_a_day_of_5000_notices_asks_as_few_queries_as_one(self):
        self.load(notice())
        many = [
            notice(f"N{rank}", siren=f"{100000000 + rank}", dateparution="2026-05-29")
            for rank in range(5000)
        ]
        with self.assertQueryCount(30):
            self.load(*many, notice())

    # -- Online ------------------------------------------------------------------------------------

    def ask(self, cron, register):
        for name in ("bodacc", "register"):
            self.env["ir.config_parameter"].sudo().set_param(ADDRESS % name, register.address)
        with self.enter_registry_test_mode():
            self.env.ref(f"{ADDON}.ir_cron_{cron}").sudo().method_direct_trigger()
        self.env.invalidate_all()

    def test_nothing_is_asked_until_it_is_switched_on(self):
        with Register() as register:
            self.ask("bodacc", register)
            self.ask("register", register)
            self.assertEqual(register.asked, [])

    @mute_logger("odoo.addons.account_dunning_fr.models.common.account_dunning_run")
    def test_a_register_that_does_not_answer_loses_nothing(self):
        self.company.dunning_watch_bodacc = True
        self.company.sudo().dunning_bodacc_until = days_ago(5)
        with Register() as register:
            register.pages["2026-05-28"] = [
                notice(f"N{rank}", siren=f"{100000000 + rank}") for rank in range(120)
            ] + [notice()]
            for fault in ("refuse", "cut", "prose", "elsewhere"):
                with self.subTest(fault=fault):
                    register.fault = fault
                    self.ask("bodacc", register)
                    self.assertEqual(self.company.dunning_bodacc_until, days_ago(5))
                    failure = self.env["account.dunning.run.failure"].search(
                        [], order="id desc", limit=1
                    )
                    self.assertEqual(failure.company_id, self.company)
                    self.assertIn("did not answer", failure.reason)
            register.fault = ""
            self.ask("bodacc", register)
            self.assertEqual(self.company.dunning_bodacc_until, days_ago(1))
            self.assertTrue(self.live(self.bad).to_confirm)
            self.assertFalse(
                [each for each in register.asked if SIREN in str(each)], "no SIREN leaves"
            )
            self.ask("bodacc", register)
            self.assertEqual(len(self.live(self.bad)), 1)

    def test_the_register_says_who_lives_and_in_which_form(self):
        self.company.dunning_watch_register = True
        self.rate(self.good, self.bad)
        with Register() as register:
            register.identity = {
                OTHER_SIREN: [self.identity(OTHER_SIREN, "A", "1000")],
                SIREN: [self.identity("1", "A", "5710"), self.identity(SIREN, "C", "5710")],
            }
            self.ask("register", register)
        self.assertEqual(self.bad.dunning_register_state, "C")
        self.assertIn("has ceased", self.bad.dunning_check_ids[:1].result)
        # A sole trader is not rated: his class is gone.
        self.assertEqual(self.good.dunning_register_form, "1000")
        self.assertFalse(self.good.dunning_risk_id)

    def identity(self, siren, state, form):
        return {
            "siren": siren,
            "nom_complet": "NAME",
            "etat_administratif": state,
            "nature_juridique": form,
            "siege": {"siret": f"{siren}00013"},
        }

    # -- Kept for five years -----------------------------------------------------------------------

    def test_a_check_is_emptied_after_five_years_and_stays_as_a_fact(self):
        self.load(notice())
        check = self.checks.search([("partner_id", "=", self.bad.id)])
        rule = self.env.ref(f"{ADDON}.retention_check")
        self.assertEqual((rule.months, rule._get_concerned()._name), (60, check._name))
        check._erase("rule")
        self.assertFalse(check.details or check.number or check.source_name)
        self.assertEqual((check.on, check.kind), (day(TODAY), "insolvency"))

    def test_what_was_found_is_not_changed(self):
        check = self.checks.with_user(self.biller).create(
            {"partner_id": self.good.id, "result": "Report seen", "valid_until": "2026-12-31"}
        )
        for user in (self.biller, self.manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                check.with_user(user).result = "Better"
        with self.assertRaises(ValidationError):
            self.checks.create(
                {
                    "partner_id": self.good.id,
                    "result": "Report",
                    "valid_until": day(TODAY) - timedelta(days=1),
                }
            )
