"""How a test feeds an input many times, and what must hold for every result."""

import os
import random
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .dunning_common import TODAY, day

SEED = int(os.environ.get("FUZZ_SEED", "20261125"))
CASES = min(int(os.environ.get("FUZZ_CASES", "3000")) // 100, 200)  # each is a record: slow
HOSTILE = ("", "\x00", '"', ";;;", "A" * 140_000, "=1+1", "<script>", "١٢٣", "\u202e🥖", "NaN")
DATES = ("0001-01-01", "1582-10-15", "1899-12-31", "2300-01-01", "9999-12-31", "2024-02-29")
AMOUNTS = (0, -1, 0.001, 1e15, 1e18, -1e18, 1e-9, 123456789.99, 33.333333)


class FeedingCommon:
    """Seeded random values: a failing case can be reproduced by its number."""

    def chances(self, name):
        for number in range(CASES):
            yield number, random.Random(f"{SEED}-{name}-{number}")

    def a_day(self, chance):
        if chance.random() < 0.5:
            return chance.choice(DATES)
        return str(day(TODAY) + timedelta(days=chance.randint(-800, 800)))

    def an_amount(self, chance):
        return chance.choice(AMOUNTS) if chance.random() < 0.6 else chance.randint(1, 10**6) / 100

    def feed(self, name, action):
        """Run an action many times; return how often it succeeded, and check each refusal."""
        done = 0
        self.enterContext(mute_logger("odoo.sql_db"))
        for number, chance in self.chances(name):
            with self.subTest(input=name, case=number, seed=SEED):
                try:
                    with self.env.cr.savepoint():
                        action(chance)
                        self.env.flush_all()
                    done += 1
                except UserError as error:
                    self.assertRegex(str(error), r"\w+ \w+ \w+", "a sentence, for a person")
                except IntegrityError as error:
                    self.assert_has_message(error)
                finally:
                    self.env.invalidate_all()
        return done

    def assert_has_message(self, error):
        """Check that Odoo shows a sentence of ours for a constraint of the database."""
        name = error.diag.constraint_name
        known = [m._table_objects[name] for m in self.registry.values() if name in m._table_objects]
        self.assertTrue(known, f"no model knows the constraint {name}")
        sentence = known[0].get_error_message(self.env["base"], error.diag)
        self.assertRegex(str(sentence), r"\w+ \w+ \w+", name)
