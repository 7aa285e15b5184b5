"""What the replayed public reports share: shortcuts to write what their books showed."""

from . import case_common


class PublicReportsCommon(case_common.CaseCommon):
    def receivable(self, move):
        return move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")

    def b2b(self, name, **values):
        return self.customer(name, dunning_regime="b2b", **values)

    def to_account(self, line, account):
        """Post the counterpart of a statement line to an account, as the bank screen does."""
        _bank, suspense, _other = line._seek_for_lines()
        suspense.account_id = account

    def parts(self, entries):
        lines = entries.line_ids.filtered("dunning_penalty_id")
        return [(line.dunning_penalty_part, line.amount_currency) for line in lines.sorted("id")]

    def next_level(self, move):
        return self.env["account.dunning.level"].browse(self.row(move).next_level_id)

    def climbed(self, move, *steps):
        for level, on in steps or (
            (self.first, "2026-04-06"),
            (self.firm, "2026-04-16"),
            (self.registered, "2026-05-02"),
        ):
            self.history(level, on, move)
        return move
