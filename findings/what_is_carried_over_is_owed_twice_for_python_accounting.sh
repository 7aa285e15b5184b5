#!/usr/bin/env bash
# python-accounting 2.0.0 (PyPI, 2026): its aged list of what customers owe (AgingSchedule) beside the balance of the customer's account, as
# a year ends. Alpha's only invoice is of 1 000.00, of 5 November 2025, payable in 60 days; he pays 400.00 on 20 December, which somebody
# assigns to the invoice on 2 February (bulk_assign). He owes 600.00 from 20 December on. (The clock is set with freezegun 1.5.5; the two
# database drivers that the package asks for are not needed on SQLite.)
# Seen on 29 November 2026, without an error:
# - on 31 December the account says 600.00, the list 1 000.00, before February and ever after: the day of the payment counts in the
#   account, the day of the click in the list;
# - the list has the invoice as « 31 - 90 days » old while it is not due: there is no due date, the age is that of the invoice, though the
#   package calls the first column « not yet due »;
# - in the new year the account says 0.00 and the list 600.00: an account has no more than its own year and the balance brought down to it;
#   brought down (Balance, 600.00), the account says 600.00 and the list 1 200.00, for it has the invoice itself besides;
# - of a firm whose year begins in July, asked for a day between January and June, the period is that of the next July: while that is to
#   come an error, in the new year 0.00 for the account on 28 February.
# What follows: an aged balance is made from the open items alone, each with its due date and the day on which it was paid; its sum is
# compared with the account on the same day before anybody is reminded of it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile SQLAlchemy==2.1.9 python-dateutil==2.9.0.post0 freezegun==1.5.5
"$folder/env/bin/pip" install --quiet --no-compile --no-deps python-accounting==2.0.0
cd "$folder"
"$folder/env/bin/python" -W ignore - <<'PY'
import warnings
from datetime import datetime
from decimal import Decimal

from freezegun import freeze_time
from python_accounting.database.session import get_session
from python_accounting.exceptions import MissingReportingPeriodError
from python_accounting.models import Account, Balance, Base, Currency, Entity, LineItem, ReportingPeriod
from python_accounting.reports import AgingSchedule
from python_accounting.transactions import ClientInvoice, ClientReceipt
from sqlalchemy import create_engine

warnings.simplefilter("ignore")
KINDS = Account.AccountType


class Books:
    """Books of a firm whose years begin in a month, with Alpha's invoice and payment."""

    def __init__(self, session, year_start):
        self.session = session
        self.firm = self.keep(Entity(name="Creancier", year_start=year_start))
        self.euro = self.keep(Currency(name="Euro", code="EUR", entity_id=self.firm.id))
        self.alpha = self.account("Alpha", KINDS.RECEIVABLE)
        self.post(ClientInvoice, 1000, datetime(2025, 11, 5), self.account("Ventes", KINDS.OPERATING_REVENUE))
        self.payment = self.post(ClientReceipt, 400, datetime(2025, 12, 20), self.account("Banque", KINDS.BANK))

    def keep(self, record):
        self.session.add(record)
        self.session.commit()
        return record

    def account(self, name, kind):
        return self.keep(Account(name=name, account_type=kind, currency_id=self.euro.id, entity_id=self.firm.id))

    def post(self, kind, amount, day, other):
        alpha = {"account_id": self.alpha.id, "entity_id": self.firm.id}
        made = self.keep(kind(narration="FA-118", transaction_date=day, **alpha))
        line = LineItem(narration="FA-118", account_id=other.id, amount=amount, entity_id=self.firm.id)
        made.line_items.add(self.keep(line))
        made.post(self.session)
        return made

    def begin_next_year(self):
        [old] = self.session.query(ReportingPeriod).all()
        old.status = ReportingPeriod.Status.CLOSED
        self.session.commit()
        new = {"calendar_year": old.calendar_year + 1, "period_count": 2, "status": ReportingPeriod.Status.OPEN}
        self.firm.reporting_period_id = self.keep(ReportingPeriod(entity_id=self.firm.id, **new)).id
        self.session.commit()

    def bring_down(self, amount):
        invoice = {"transaction_type": Balance.BalanceTransactions.CLIENT_INVOICE, "transaction_date": datetime(2025, 11, 5)}
        owed = {"amount": amount, "balance_type": Balance.BalanceType.DEBIT}
        self.keep(Balance(account_id=self.alpha.id, entity_id=self.firm.id, **invoice, **owed))

    def look(self, told, *day):
        """Return the account's balance on that day, and the columns of the aged list that hold something."""
        columns = AgingSchedule(self.session, KINDS.RECEIVABLE, datetime(*day)).balances
        aged = {name: Decimal(amount) for name, amount in columns.items() if amount}
        seen = Decimal(self.alpha.closing_balance(self.session, datetime(*day))), aged
        print(f"{datetime(*day):%d %m %Y} {told}: account {seen[0]:.2f}, aged list", *[f"{k}: {v:.2f}" for k, v in aged.items()])
        return seen


def new_session():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    return get_session(engine)


YOUNG, OLD = "31 - 90 days", "91 - 180 days"
with freeze_time("2025-12-20") as clock, new_session() as session:
    books = Books(session, year_start=1)
    assert books.look("before February", 2025, 12, 31) == (600, {YOUNG: 1000})
    clock.move_to("2026-02-02")
    books.begin_next_year()
    books.payment.bulk_assign(session)
    session.commit()
    assert books.look("once the payment is assigned", 2025, 12, 31) == (600, {YOUNG: 1000})
    assert books.look("with nothing brought down", 2026, 2, 28) == (0, {OLD: 600})
    books.bring_down(600)
    assert books.look("with 600.00 brought down", 2026, 2, 28) == (600, {OLD: 1200})

with freeze_time("2025-12-20") as clock, new_session() as session:
    books = Books(session, year_start=7)
    [period] = session.query(ReportingPeriod).all()
    assert (period.interval()["start"], period.interval()["end"].year) == (datetime(2025, 7, 1), 2026)
    assert books.look("year from July", 2025, 12, 31)[0] == 600
    try:
        books.look("year from July", 2026, 2, 28)
        raise SystemExit("no error")
    except MissingReportingPeriodError as error:
        print(error)
    clock.move_to("2026-07-05")
    books.begin_next_year()
    assert books.look("year from July, in the next one", 2025, 12, 31)[0] == 600
    assert books.look("year from July, in the next one", 2026, 2, 28)[0] == 0
print("As seen.")
PY
