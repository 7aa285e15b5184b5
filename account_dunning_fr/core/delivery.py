"""When a message that a mail server did not accept is tried again (RFC 5321, 4.2.1 and 4.5.4.1)."""

from datetime import date, timedelta

# Minutes before the second attempt, the third and so on; the last one applies to all further
# attempts.
WAITING_MINUTES = (5, 15, 60, 180, 360, 720)
PERMANENT_FROM = 500


def is_permanent(code: int) -> bool:
    """Return whether a mail server's reply means that trying again is useless.

    :param code: the three digits of the reply: 4xx temporary, 5xx permanent

    >>> is_permanent(550), is_permanent(451), is_permanent(421)
    (True, False, False)
    """
    return code >= PERMANENT_FROM


def waiting_time(attempts: int) -> timedelta:
    """Return how long to wait after so many failed attempts: ever longer, then twice a day.

    :param attempts: at least 1

    >>> [waiting_time(attempts).seconds // 60 for attempts in (1, 2, 3, 6)]
    [5, 15, 60, 720]
    >>> waiting_time(40) == waiting_time(6)
    True
    """
    return timedelta(minutes=WAITING_MINUTES[min(attempts, len(WAITING_MINUTES)) - 1])


def last_day(on: date, deadline: date | None, first_due: date | None, *, courtesy: bool) -> date:
    """Return the last day on which a message may leave: the dates it prints must not be past.

    :param on: the day of the message
    :param deadline: the payment deadline it prints, None if it prints none
    :param first_due: the earliest due date of the items it names
    :param courtesy: whether it announces a due date that is still to come

    >>> last_day(date(2026, 3, 2), date(2026, 3, 10), date(2026, 1, 31), courtesy=False)
    datetime.date(2026, 3, 10)
    >>> last_day(date(2026, 3, 2), None, date(2026, 3, 7), courtesy=True)
    datetime.date(2026, 3, 7)
    >>> last_day(date(2026, 3, 2), None, date(2026, 1, 31), courtesy=False)
    datetime.date(2026, 3, 2)
    """
    if courtesy and first_due:
        return min(deadline or first_due, first_due)
    return deadline or on


def is_past(today: date, on: date, until: date, attempts: int) -> bool:
    """Return whether a message waiting to be sent must be prepared again.

    A message that a server refused temporarily is retried until its last day. A message that was
    never tried bears the date of a day on which no server was asked to take it: it leaves on that
    day or is prepared again.

    :param on: the day of the message
    :param until: its last day, see :func:`last_day`
    :param attempts: how often a server was asked to take it

    >>> is_past(date(2026, 3, 3), date(2026, 3, 2), date(2026, 3, 10), attempts=1)
    False
    >>> is_past(date(2026, 3, 3), date(2026, 3, 2), date(2026, 3, 10), attempts=0)
    True
    >>> is_past(date(2026, 3, 11), date(2026, 3, 2), date(2026, 3, 10), attempts=1)
    True
    """
    return today > (until if attempts else min(on, until))
