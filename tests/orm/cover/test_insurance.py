"""What an insurer covers: until when he is told, what he bears, his file and his indemnity."""

from io import BytesIO
from zipfile import ZipFile

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..dashboard_common import DashboardCommon
from ..dunning_common import TODAY, DunningCommon, day

ADDON = "account_dunning_fr"


@tagged("post_install", "-at_install")
class TestInsurance(DashboardCommon, DunningCommon):
    """A contract of 60 days to declare, 30 to extend, 90 to ask, 150 to wait; 90 % of 10,000 €."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.dunning_lang = "en_US"
        cls.insured = cls.env["account.dunning.insured"]
        cls.dashboard = cls.env["account.dunning.dashboard"]
        account = {"account_type": "income_other", "company_ids": [Command.set(cls.company.ids)]}
        accounts = cls.env["account.account"].create(
            [
                {"name": "Indemnities", "code": "758700", **account},
                {"name": "Insurer", "code": "467800", **account, "account_type": "asset_current"},
            ]
        )
        cls.contract = cls.env["account.dunning.insurance"].create(
            {
                "name": "POL-1",
                "insurer_id": cls.customer("Insurer").id,
                "company_id": cls.company.id,
                "percent": 90,
                "term_days": 60,
                "notify_days": 60,
                "extension_days": 30,
                "intervene_days": 90,
                "waiting_days": 150,
                "excludes_disputes": True,
                "account_id": accounts[0].id,
                "due_account_id": accounts[1].id,
            }
        )
        cls.partner = cls.customer("Menuiserie", dunning_regime="b2b")
        cls.refused = cls.customer("Refused", dunning_regime="b2b")
        cls.cover = cls.decide(cls.partner, limit=10000)
        cls.decide(cls.refused, decision="refused")
        cls.old = cls.invoice(cls.partner, "2026-03-20", 7000)
        cls.new = cls.invoice(cls.partner, "2026-04-20", 5000)
        cls.invoice(cls.partner, "2026-06-20", 400)
        cls.long = cls.invoice(cls.partner, "2026-05-01", 300, invoice_date="2026-01-01")
        cls.invoice(cls.refused, "2026-04-20", 500)
        cls.biller = cls.new_user("ins_biller", "account.group_account_invoice")
        cls.accountant = cls.new_user("ins_accountant", "account.group_account_user")
        cls.sender = cls.new_user("ins_sender", f"{ADDON}.group_dunning_user")
        cls.manager = cls.new_user("ins_manager", f"{ADDON}.group_dunning_manager")
        cls.insured._look(cls.company, day(TODAY))
        cls.first, cls.second = cls.of(cls.old), cls.of(cls.new)

    @classmethod
    def decide(cls, partner, **values):
        return cls.env["account.dunning.cover"].create(
            {
                "insurance_id": cls.contract.id,
                "partner_id": partner.id,
                "date_from": "2025-01-01",
                **values,
            }
        )

    @classmethod
    def of(cls, move):
        return cls.insured.search([("move_id", "=", move.id)])

    def test_a_customer_shows_what_was_decided_of_him(self):
        self.cover.date_until = "2026-05-31"
        self.env.flush_all()
        later = self.decide(self.partner, limit=4000, date_from="2026-06-01")

        def told():
            groups = self.partner.with_user(self.biller).get_dunning_facts()
            return [
                [(row["id"], row["tone"]) for row in group["table"]["rows"]]
                for group in groups
                if group.get("table") and group["table"]["model"] == later._name
            ]

        self.assertFalse(told())
        self.env.ref("base.group_user").sudo().implied_ids |= self.env.ref(
            f"{ADDON}.group_use_insurance"
        )
        self.assertEqual(told(), [[(later.id, ""), (self.cover.id, "muted")]])

    def test_a_nightly_look_says_what_is_next_and_by_when(self):
        self.assertEqual(
            self.insured.search([("company_id", "=", self.company.id)]), self.first | self.second
        )
        self.assertEqual((self.first.step, str(self.first.act_by)), ("late", "2026-05-19"))
        self.assertTrue(self.first.told_late)
        self.assertEqual((self.second.step, str(self.second.act_by)), ("notify", "2026-06-19"))
        self.assertEqual(str(self.second.intervene_by), "2026-07-19")
        # 10,000 € are covered at 90 %: 7,000 of the oldest, 3,000 of the other.
        self.assertEqual((self.first.indemnity, self.first.own_share), (6300, 700))
        self.assertEqual((self.second.indemnity, self.second.own_share), (2700, 2300))
        self.assertEqual(
            (self.cover.owed, self.cover.covered, self.cover.uncovered), (12700, 10000, 2700)
        )
        self.env.invalidate_all()
        with self.assertQueryCount(20):
            self.insured._look(self.company, day(TODAY))
        self.pay(self.old)
        self.insured._look(self.company, day(TODAY))
        self.assertEqual((self.first.step, self.first.amount_company), ("over", 0))
        self.assertEqual((self.second.indemnity, self.second.own_share), (4500, 500))

    def test_the_scheduled_look_works_for_each_creditor(self):
        self.invoice(self.partner, "2026-05-20", 50)
        with self.enter_registry_test_mode():
            self.env.ref(f"{ADDON}.ir_cron_cover").sudo().method_direct_trigger()
        self.assertEqual(self.insured.search_count([("partner_id", "=", self.partner.id)]), 3)
        self.contract.active = False  # covers nothing new; what it covers is followed
        self.pay(self.old)
        self.invoice(self.partner, "2026-05-21", 50)
        with self.enter_registry_test_mode():
            self.env.ref(f"{ADDON}.ir_cron_cover").sudo().method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.insured.search_count([("partner_id", "=", self.partner.id)]), 3)
        self.assertEqual(self.first.step, "over")

    def test_what_is_told_moves_the_next_step(self):
        item = self.second.with_user(self.biller)
        item.action_notified()
        self.assertEqual((item.step, str(item.act_by)), ("intervene", "2026-07-19"))
        item.extended_to = "2026-07-20"
        self.assertIn("ask the insurer first", item.extension_problem)
        self.assertEqual(
            (str(item.intervene_by), str(item.stop_after)), ("2026-08-18", "2026-05-20")
        )
        item.consented_on = "2026-05-04"
        self.assertFalse(item.extension_problem)
        self.assertEqual(
            (str(item.intervene_by), str(item.stop_after)), ("2026-10-18", "2026-07-20")
        )
        item.action_asked()
        self.assertEqual((item.step, str(item.paid_from)), ("wait", "2026-10-29"))
        with self.on("2026-10-29"):
            self.insured._look(self.company, day("2026-10-29"))
            self.assertEqual(item.step, "claim")
        with self.assertRaisesRegex(UserError, "Nothing of this"):
            item.action_asked()

    def test_he_is_a_way_beside_those_to_a_title_where_he_covers(self):
        used = self.env.ref(f"{ADDON}.group_use_insurance").sudo()
        refused = self.env["account.move"].search([("partner_id", "=", self.refused.id)])
        offered = []
        for switched_on in (True, False):
            command = Command.link if switched_on else Command.unlink
            self.env.ref("base.group_user").sudo().implied_ids = [command(used.id)]
            for moves in (self.new, self.long, refused):
                case = self.env["account.dunning.case"].new(
                    {"company_id": self.company.id, "partner_id": moves.partner_id.id}
                )
                lines = moves.line_ids.filtered("date_maturity")
                case.item_ids = [Command.create({"move_line_id": line.id}) for line in lines]
                routes = self.env["account.dunning.route"].with_user(self.manager)
                offered.append(set(routes._get_offers(case)))
        self.assertEqual(offered, [{"insurer"}, set(), set(), set(), set(), set()])

    def test_what_he_is_asked_for_is_in_his_hand(self):
        hands = self.env["account.dunning.hand"]
        item, line = self.second.with_user(self.biller), self.items(self.new)
        item.action_asked()
        self.assertEqual(hands._get_live(line).mapped("kind"), ["insurer"])
        with self.assertRaisesRegex(UserError, "Credit insurer.*Empty the day"):
            hands._check_free(line)
        item.asked_on = False
        self.assertFalse(hands._get_live(line))
        item.action_asked()
        self.pay(self.new)
        self.insured._look(self.company, day(TODAY))
        self.assertFalse(hands._get_live(line))
        other = self.items(self.old)
        hands._take("agency", other, ("insured_id", self.first.browse()), day(TODAY))
        with self.assertRaisesRegex(UserError, "one hand at a time"), self.env.cr.savepoint():
            self.first.with_user(self.biller).action_asked()
        self.first.invalidate_recordset()
        self.assertFalse(self.first.asked_on)

    def test_what_cannot_have_been_told_is_refused(self):
        item = self.second.with_user(self.biller)
        for values in ({"notified_on": "2026-06-02"}, {"asked_on": "2026-06-02"}):
            with self.subTest(values=values), self.assertRaisesRegex(ValidationError, "today"):
                item.write(values)
        with self.assertRaisesRegex(ValidationError, "before the due date"):
            item.extended_to = "2026-04-19"
        for values in ({"step": "paid"}, {"indemnity": 1}, {"act_by": TODAY}, {"told_late": False}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                item.write(values)
        with self.assertRaises(AccessError):
            self.insured.with_user(self.manager).create({"cover_id": self.cover.id})

    def test_a_contract_and_a_decision_that_cannot_be(self):
        bad = ({"percent": 0}, {"percent": 101}, {"notify_days": -1})
        for values in bad:
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.contract.write(values)
        with self.assertRaisesRegex(ValidationError, "at least one delay"):
            self.contract.write({"notify_days": 0, "intervene_days": 0})
        with self.assertRaises(AccessError):
            self.contract.with_user(self.biller).notify_days = 90
        for values in ({"limit": 0}, {"date_until": "2024-12-31"}):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.cover.write(values)
        with self.assertRaisesRegex(ValidationError, "already"), self.env.cr.savepoint():
            self.decide(self.partner, limit=1, date_from="2025-06-01", date_until="2025-06-30")
        self.cover.date_until = "2026-03-01"
        self.decide(self.partner, limit=500, date_from="2026-03-02")

    def test_another_company_sees_nothing_of_it(self):
        theirs = self.contract.sudo().create(
            {
                "name": "POL-2",
                "company_id": self.env.ref("base.main_company").id,
                "insurer_id": self.contract.insurer_id.id,
                "percent": 90,
                "notify_days": 60,
            }
        )
        cover = self.cover.sudo().create(
            {"insurance_id": theirs.id, "partner_id": self.partner.id, "limit": 1}
        )
        item = self.insured.sudo().create(
            {"cover_id": cover.id, "move_id": self.long.id, "date_maturity": TODAY}
        )
        for record in (theirs, cover, item):
            with self.subTest(model=record._name), self.assertRaises(AccessError):
                record.with_user(self.manager).read(["company_id"])

    def test_a_contract_that_changes_changes_the_days(self):
        self.contract.with_user(self.manager).notify_days = 90
        self.assertEqual((self.first.step, str(self.first.act_by)), ("notify", "2026-06-18"))
        self.cover.with_user(self.biller).limit = 8000
        self.assertEqual(self.second.indemnity, 900)

    def test_what_is_disputed_is_not_covered_and_the_insurer_hears_of_it(self):
        self.second.action_notified()
        dispute = self.env["account.dunning.dispute"].create({"move_id": self.new.id})
        self.insured._look(self.company, day(TODAY))
        self.assertEqual((self.second.step, self.second.excluded), ("excluded", "dispute"))
        self.assertEqual((self.second.indemnity, self.second.own_share), (0, 5000))
        told = self.acts()
        self.assertEqual(
            {act.label for act in told},
            {"Past the day of the contract", "Tell the insurer of the dispute"},
        )
        dispute.sudo().state = "rejected"
        self.insured._look(self.company, day(TODAY))
        self.assertEqual(self.second.step, "intervene")
        self.contract.excludes_disputes = False
        self.env["account.dunning.dispute"].create({"move_id": self.old.id})
        self.insured._look(self.company, day(TODAY))
        self.assertEqual(self.first.step, "late")

    def acts(self):
        self.env.ref("base.group_user").sudo().implied_ids |= self.env.ref(
            f"{ADDON}.group_use_insurance"
        )
        page = self.env["account.dunning.today"].with_user(self.manager)
        return page._get_insurance_acts(self.company, day(TODAY))

    def test_what_waits_is_seen_once_it_is_used(self):
        page = self.env["account.dunning.today"].with_user(self.manager)
        shortcuts = self.env["account.dunning.shortcut"].with_user(self.manager)
        customer = self.env["account.dunning.customer"].with_user(self.manager)
        self.assertFalse(page._get_insurance_acts(self.company, day(TODAY)))
        self.assertFalse(shortcuts._get_insurance_shortcuts())
        self.assertFalse(customer._get_insurance_parts(self.partner, self.company, day(TODAY)))
        (act,) = self.acts()  # the other one has until 19 June
        self.assertEqual((act.ids, act.amount, act.button), (tuple(self.first.ids), 7000, "Look"))
        self.assertEqual(len(shortcuts._get_insurance_shortcuts()), 3)
        (part,) = customer._get_insurance_parts(self.partner, self.company, day(TODAY))
        self.assertEqual([row["title"] for row in part.rows][:1], ["Insured up to"])
        self.assertEqual(len(part.rows), 3)

    def test_the_file_for_the_insurer_holds_list_and_pieces(self):
        notice = self.send(self.partner)
        action = (self.first | self.second).with_user(self.biller).action_pack()
        content = self.env["ir.attachment"].browse(int(action["url"].split("/")[3].split("?")[0]))
        with ZipFile(BytesIO(content.sudo().raw)) as archive:
            names = archive.namelist()
            book = archive.read(names[0])
        self.assertEqual((content.res_model, content.res_id), (self.cover._name, self.cover.id))
        self.assertEqual(names[0][:7], "01_List")
        self.assertIn("02_Statement", names[1])
        self.assertEqual(names[-1], "MANIFESTE-SHA256.txt")
        text = ZipFile(BytesIO(book)).read("xl/sharedStrings.xml").decode()
        for told in ("POL-1", "Insurer", self.old.name, self.new.name):
            self.assertIn(told, text)
        self.assertTrue(any(notice.level_name.replace(" ", "-") in name for name in names), names)
        other = self.invoice(self.customer("Other"), "2026-04-20", 10)
        both = self.first | self.insured.sudo().create(
            {
                "cover_id": self.decide(other.partner_id, limit=1).id,
                "move_id": other.id,
                "date_maturity": "2026-04-20",
            }
        )
        with self.assertRaisesRegex(UserError, "one customer"):
            both.action_pack()

    def test_a_plan_longer_than_the_contract_says_to_ask_first(self):
        plan = self.env["account.dunning.payment.plan"].create(
            {
                "partner_id": self.partner.id,
                "item_ids": [Command.set(self.items(self.new).ids)],
                "first_date": "2026-06-10",
                "count": 2,
            }
        )
        self.assertIn("ask Insurer first", plan.insurer_warning)
        self.second.write({"extended_to": "2026-07-10", "consented_on": TODAY})
        plan.invalidate_recordset()
        self.assertFalse(plan.insurer_warning)
        plan.item_ids = self.items(self.long)
        plan.invalidate_recordset()
        self.assertFalse(plan.insurer_warning, "not covered")

    def test_an_indemnity_is_prepared_posted_and_undone(self):
        item = self.second
        with self.assertRaisesRegex(UserError, "once the insurer was asked"):
            item.with_user(self.accountant).action_prepare_indemnity()
        item.action_asked()
        for user in (self.biller, self.sender):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                item.with_user(user).action_prepare_indemnity()
        item.with_user(self.accountant).action_prepare_indemnity()
        entry = item.indemnity_move_id
        item.with_user(self.accountant).action_prepare_indemnity()
        self.assertEqual(item.indemnity_move_id, entry, "once")
        self.assertEqual(entry.state, "draft")
        told = {line.account_id.code: line.balance for line in entry.line_ids}
        self.assertEqual(told, {"467800": 2700, "758700": -2700})
        entry.with_user(self.accountant).action_post()
        self.assertEqual((item.step, item.indemnity, item.own_share), ("paid", 2700, 2300))
        with self.assertRaises(AccessError):
            item.with_user(self.manager).asked_on = "2026-05-01"
        self.assertEqual(self.items(self.new).amount_residual, 5000, "the customer owes it still")

        entry.button_draft()
        self.assertEqual((item.step, item.indemnity_move_id), ("wait", entry))
        entry.unlink()
        self.assertEqual((item.step, item.indemnity_move_id.id), ("wait", False))
        item.action_prepare_indemnity()
        again = item.indemnity_move_id
        again.action_post()
        again._reverse_moves([{"date": TODAY}], cancel=True)
        self.assertEqual((item.step, item.indemnity_move_id.id), ("wait", False))
        item.action_prepare_indemnity()
        item.indemnity_move_id.button_cancel()
        self.assertFalse(item.indemnity_move_id)

        self.contract.account_id = False
        with self.assertRaisesRegex(UserError, "two accounts"):
            item.action_prepare_indemnity()

    def test_an_invoice_posted_again_keeps_what_was_told(self):
        self.second.action_notified()
        self.new.button_draft()
        line = self.new.invoice_line_ids
        line.price_unit = 5100
        self.new.action_post()
        self.insured._look(self.company, day(TODAY))
        self.assertEqual(self.of(self.new), self.second)
        self.assertEqual((self.second.amount_company, str(self.second.notified_on)), (5100, TODAY))

    def test_the_dashboard_says_what_is_covered_and_what_was_told_too_late(self):
        keys = ("outstanding", "covered", "uncovered", "late")
        data = self.data()
        tiles = {key: self.tile(f"insured_{key}", data) for key in keys}
        figures = [self.figure(tiles[key]["value"]) for key in keys]
        self.assertEqual(figures, [13200, 10000, 3200, 7000])
        self.assertEqual(self.figure(tiles["uncovered"]["note"].partition(":")[2]), 500)
        covered = self.behind(tiles["covered"]["action"])
        self.assertEqual(sorted(covered.mapped("dunning_part")), [3000, 7000])  # the oldest first
        uncovered = self.behind(tiles["uncovered"]["action"])
        self.assertEqual(sum(uncovered.mapped("dunning_part")), 3200)
        self.assertEqual(uncovered.partner_id, self.partner | self.refused)
        self.assertEqual(self.behind(tiles["late"]["action"]), self.first)

        earlier = self.tile("insured_late", as_of="2026-05-19")
        self.assertEqual(self.figure(earlier["value"]), 0)
        report = self.dashboard._get_monthly_report(day(TODAY), {})
        (rows,) = (each["rows"] for each in report["groups"] if each["title"] == "Credit insurance")
        self.assertEqual([row["key"] for row in rows], [f"insured_{key}" for key in keys])
        self.assertEqual(self.figure(rows[3]["before"]), 7000)

        self.env["account.dunning.dispute"].create({"move_id": self.new.id})
        self.insured._look(self.company, day(TODAY))
        self.assertEqual(self.figure(self.tile("insured_covered")["value"]), 7400)
        self.contract.active = False
        titles = [group["title"] for group in self.data()["tiles"]]
        self.assertNotIn("Credit insurance", titles)
