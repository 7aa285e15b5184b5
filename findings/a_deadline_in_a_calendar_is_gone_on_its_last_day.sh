#!/usr/bin/env bash
# recurring-ical-events 3.8.2 and icalendar 7.3.2 (both PyPI): a deadline as a task of whole days (RFC 5545: VTODO with DUE
# as a date), and the instalments of a plan as a series that begins on the last day of a month.
# Seen on 28 November 2026:
# - a task due on 30 November stands on that day; give it a day of beginning, and it stands on every day from there to the
#   29th, and no more on the 30th, its last one; asked for the week from the 30th on, the first is there, the second not;
# - the same task due on the 30th at 17:00 stands on the 30th;
# - of a task without a beginning, which RFC 5545 allows, icalendar computes no reminder « seven days before the end »;
#   with a beginning it is 23 November;
# - « every month from 31 January, four times » is January, March, May and July, as the RFC has it: no instalment in
#   February or April, and the plan ends three months late; BYMONTHDAY=-1 gives the four months.
# What follows: a deadline is an entry of that one day, not a task that runs up to it, and the dates of a plan are written
# out one by one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet recurring-ical-events==3.8.2 icalendar==7.3.2
"$folder/env/bin/python" - <<'PY'
import datetime

import icalendar
import recurring_ical_events
from icalendar.error import IncompleteComponent

NOVEMBER = {day: datetime.date(2026, 11, day) for day in range(1, 31)}
BEGINS, ENDS = "DTSTART;VALUE=DATE:20261101", "DUE;VALUE=DATE:20261130"


def calendar(kind, *lines):
    rows = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Deadlines//FR", f"BEGIN:{kind}", "UID:1"]
    rows += ["DTSTAMP:20261101T080000Z", "SUMMARY:Opposition", *lines, f"END:{kind}", "END:VCALENDAR", ""]
    return icalendar.Calendar.from_ical("\r\n".join(rows))


def days_of(task):
    """Return the days of November on which the task stands, and whether it is in the week from the 30th on."""
    found = recurring_ical_events.of(task, components=["VTODO"])
    days = [day for day, date in NOVEMBER.items() if found.at(date)]
    late = bool(found.between(NOVEMBER[30], NOVEMBER[30] + datetime.timedelta(7)))
    print("task on", *(days if len(days) < 3 else [days[0], "to", days[-1]]), "| in the week from the 30th on:", late)
    return days, late


assert days_of(calendar("VTODO", ENDS)) == ([30], True)
assert days_of(calendar("VTODO", BEGINS, ENDS)) == (list(range(1, 30)), False)
assert days_of(calendar("VTODO", "DTSTART:20261101T090000", "DUE:20261130T170000")) == (list(range(1, 31)), True)

REMINDER = ["BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:Soon", "TRIGGER;RELATED=END:-P7D", "END:VALARM"]
[task] = calendar("VTODO", BEGINS, ENDS, *REMINDER).walk("VTODO")
reminders = [each.trigger for each in task.alarms.times]
print("reminder with a beginning:", *reminders)
assert reminders == [NOVEMBER[23]]
[task] = calendar("VTODO", ENDS, *REMINDER).walk("VTODO")
try:
    task.alarms.times
except IncompleteComponent as error:
    print("without one:", error)
else:
    raise AssertionError("it computes the reminder now")


def months(rule):
    series = calendar("VEVENT", "DTSTART;VALUE=DATE:20260131", f"RRULE:FREQ=MONTHLY;{rule}COUNT=4")
    found = [each["DTSTART"].dt.month for each in recurring_ical_events.of(series).between((2026, 1, 1), (2027, 1, 1))]
    print("instalments", rule or "as they come", found)
    return found


assert months("") == [1, 3, 5, 7]
assert months("BYMONTHDAY=-1;") == [1, 2, 3, 4]
print("As seen.")
PY
