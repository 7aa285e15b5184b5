"""Two records of one customer become one, whatever was followed of both."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.orm.table_objects import UniqueIndex
from odoo.tests import tagged

from ..dunning_common import TODAY, DunningCommon, day

PERIODS = ("term_days", "notify_days", "extension_days", "intervene_days", "waiting_days")


@tagged("post_install", "-at_install")
class TestMergedCustomers(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dunning_risk = True
        cls.double = cls.customer("Double", dunning_regime="b2b")
        cls.kept = cls.customer("Kept", dunning_regime="b2b")
        for partner in (cls.double, cls.kept):
            cls.invoice(partner, 40)

    def merge(self):
        """Merge both, as an administrator does."""
        self.env.flush_all()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.double + self.kept).ids, self.kept)
        self.env.invalidate_all()

    def both(self, model, **values):
        """Create a record of each customer, with full rights; those of the double first."""
        return (
            self.env[model]
            .sudo()
            .create(
                [
                    {"company_id": self.company.id, "partner_id": partner.id, **values}
                    for partner in (self.double, self.kept)
                ]
            )
        )

    def test_one_call_waits_and_those_that_were_made_stay(self):
        made = self.env["account.dunning.call"].sudo().create({"partner_id": self.double.id})
        made._record("reached", False, False)
        waiting = self.both("account.dunning.call")
        self.merge()
        self.assertEqual(waiting.mapped("state"), ["cancelled", "todo"])
        self.assertFalse(waiting[0].activity_ids)
        self.assertEqual((made | waiting).partner_id, self.kept)
        self.assertEqual(made.state, "done")

    def test_the_call_of_the_double_waits_where_it_is_the_only_one(self):
        call = self.env["account.dunning.call"].sudo().create({"partner_id": self.double.id})
        self.merge()
        self.assertEqual((call.partner_id, call.state), (self.kept, "todo"))

    def test_one_risk_stays_with_the_limit_that_was_granted(self):
        risks = self.env["account.dunning.risk"]
        risks._review(self.company, day(TODAY))
        theirs, ours = (
            risks.search([("partner_id", "=", partner.id)]) for partner in (self.double, self.kept)
        )
        self.assertTrue(theirs and ours)
        grantor = self.new_user("grantor", "account_dunning_fr.group_dunning_manager")
        theirs.with_user(grantor).limit_granted = 500
        theirs.sudo().last_check_on = "2026-05-20"
        self.merge()
        self.assertFalse(theirs.exists())
        self.assertEqual((ours.limit_granted, ours.granted_by), (500, grantor))
        self.assertTrue(ours.has_limit)
        self.assertEqual(ours.last_check_on, day("2026-05-20"))

    def test_the_limit_of_who_is_kept_is_kept(self):
        risks = self.both("account.dunning.risk", letter="B")
        risks[0].limit_granted, risks[1].limit_granted = 500, 700
        self.merge()
        self.assertEqual(risks.exists().limit_granted, 700)

    def test_a_notice_that_was_found_of_both_is_recorded_once(self):
        checks = self.both("account.dunning.check", kind="insolvency", result="Notice", number="A1")
        others = self.both("account.dunning.check", kind="identity", result="Seen")
        self.merge()
        self.assertEqual(checks.exists(), checks[1])
        self.assertEqual(others.exists().partner_id, self.kept)
        self.assertEqual(len(others.exists()), 2)

    def test_money_that_was_set_aside_for_both_is_once(self):
        asides = self.both(
            "account.dunning.set.aside",
            kind="bank",
            source_id=7,
            currency_id=self.company.currency_id.id,
            decided_on=TODAY,
            decided_by=self.env.uid,
        )
        self.merge()
        self.assertEqual(asides.mapped("undone_on"), [day(TODAY), False])

    def judged(self, **values):
        return self.both("account.dunning.insolvency", **{"date_opening": "2026-05-20", **values})

    def test_one_judgment_that_was_recorded_of_both_is_one(self):
        found = self.judged()
        self.merge()
        self.assertEqual(found.mapped("state"), ["cancelled", "open"])
        holds = self.env["account.dunning.hold"].search([("insolvency_id", "in", found.ids)])
        standing = holds.filtered(lambda hold: not hold.released_on)
        self.assertEqual((standing.insolvency_id, standing.partner_id), (found[1], self.kept))
        stops = {row.stop for row in self.plan._simulate(self.company, partners=self.kept)}
        self.assertEqual(stops, {"hold"})

    def test_the_proceedings_that_were_declared_stay(self):
        found = self.judged()
        found[0].action_declared()
        self.merge()
        self.assertEqual(found.mapped("state"), ["declared", "cancelled"])
        self.assertEqual(found[0].partner_id, self.kept)

    def assert_told(self, words):
        """Merging is refused before anything is written, and says what to do."""
        with self.assert_refused(UserError, words), self.env.cr.savepoint():
            self.merge()
        self.assertTrue(self.double.exists())

    def test_where_both_were_declared_a_person_decides(self):
        found = self.judged()
        found.action_declared()
        self.assert_told("close or cancel the others, then merge")
        found[0].action_close()
        self.merge()
        self.assertEqual(found.mapped("state"), ["closed", "declared"])

    def test_proceedings_of_two_days_are_a_person_s_to_tell_apart(self):
        found = self.judged()
        found[0].date_opening = "2026-05-18"
        self.assert_told("close or cancel the others, then merge")
        found[0].action_cancel()
        self.merge()
        self.assertEqual(found.partner_id, self.kept)

    def test_two_decisions_of_the_insurer_are_a_person_s_to_choose(self):
        insurance = self.env["account.dunning.insurance"].sudo()
        insurance = insurance.create(
            {
                "name": "Policy",
                "insurer_id": self.customer("Insurer").id,
                "company_id": self.company.id,
                "percent": 90,
                **dict.fromkeys(PERIODS, 60),
            }
        )
        covers = (
            self.env["account.dunning.cover"]
            .sudo()
            .create(
                [
                    {
                        "insurance_id": insurance.id,
                        "partner_id": partner.id,
                        "limit": 500,
                        "date_from": "2026-01-01",
                    }
                    for partner in (self.double, self.kept)
                ]
            )
        )
        self.assert_told("end the others, then merge")
        covers[0].date_until = "2026-05-31"
        self.merge()
        self.assertEqual(covers.partner_id, self.kept)

    def test_vat_that_is_still_to_be_claimed_of_both_is_claimed_once(self):
        found = self.both("account.dunning.vat.relief", event_date="2026-05-01")
        for relief in found:
            name = f"{relief.partner_id.name}.pdf"
            relief.proof_ids = [Command.create({"name": name, "raw": b"%PDF-1.4 judgment"})]
        self.merge()
        self.assertEqual(found.exists(), found[1])
        self.assertEqual(set(found[1].proof_ids.mapped("name")), {"Double.pdf", "Kept.pdf"})

    def test_vat_under_way_for_both_is_a_person_s_to_finish(self):
        found = self.both("account.dunning.vat.relief", event_date="2026-05-01")
        found[0].state = "sent"
        self.assert_told("Book, undo or delete")
        found[0].state = "booked"
        self.merge()
        self.assertEqual(found.exists().partner_id, self.kept)

    def test_whatever_is_one_a_customer_is_folded_or_told(self):
        """No merge is refused by the database alone, which says nothing of what to do."""
        guarded = self.env.registry["account.dunning.guarded"]
        silent = set()
        for model in self.env.values():
            indexes = getattr(model, "_table_objects", {}).values()
            once = [each for each in indexes if isinstance(each, UniqueIndex)]
            if any("partner_id" in each.get_definition(self.env.registry) for each in once):
                ours = isinstance(model, guarded)
                own = type(model)
                answers = ours and (
                    own._fold_dunning_merged is not guarded._fold_dunning_merged
                    or own._explain_dunning_merged is not guarded._explain_dunning_merged
                )
                if model._name.startswith("account.dunning.") and not answers:
                    silent.add(model._name)
        # The live message of each is cancelled by the merge itself.
        self.assertEqual(silent, {"account.dunning.notice"})

    def test_what_is_proposed_at_a_closing_is_one_line(self):
        closing = self.env["account.dunning.impairment"]
        found = self.both("account.dunning.impairment", date="2025-12-31", treatment="keep")
        earlier = self.both("account.dunning.impairment", date="2024-12-31", treatment="keep")
        earlier[0].state = "posted"
        self.merge()
        self.assertEqual(found.exists(), found[1])
        self.assertEqual(earlier.exists(), earlier[0])
        self.assertEqual(closing.search([("partner_id", "=", self.double.id)]), closing)
