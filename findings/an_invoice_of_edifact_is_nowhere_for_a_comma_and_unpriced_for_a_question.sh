#!/usr/bin/env bash
# libbusiness-edifact-interchange-perl 0.07-4 (Debian), the reader of EDIFACT by which library systems take booksellers’ invoices (INVOIC D.96A),
# beside pydifact 0.2.3 (PyPI). The head of a file (UNA) names its signs: what parts (: +), the decimal mark (a point or a comma; ISO
# 9735 allows both), the sign that frees the next one (?), and the end (’). A question mark of a text is written twice.
# Seen on 29 November 2026, without an error:
# - with « UNA:+,? ' », 120,60 in place of 120.60, the file holds no message at all; with a point, or without UNA, one;
# - a text that ends with a question mark (« Le transport est-il compris ? ») swallows the segment behind it: the mark is taken for the sign
#   that frees the end of the segment. Behind a note of the invoice stands the number of the order, behind the name of a book (« Que
#   sais-je ? ») how many were sold, behind a note on it the amount: there is none of them;
# - of two instalments (PAT 4: 40.20 by 2 December, 80.40 by 1 January) the one due date is the last, and the amounts stand in one list
#   with the whole sum of 120.60, all three as « 9 », due: together they make twice the invoice.
# pydifact reads all of these segment by segment as they were written; which decimal mark they use it leaves to the reader.
# What follows: no message in a file is an error, not an empty one; what a text says is tried with a question at its end; the amounts of a
# file are added up to its total before one of them is claimed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir -p lists/partial cache/archives/partial
own=(-qq -o Dir::State::Lists="$folder/lists" -o Dir::Cache="$folder/cache" -o APT::Sandbox::User="$(id -un)")
apt-get "${own[@]}" update
apt-get "${own[@]}" download libbusiness-edifact-interchange-perl=0.07-4
dpkg --extract libbusiness-edifact-interchange-perl_0.07-4_all.deb .
python3 -m venv env
env/bin/pip install --quiet --no-compile pydifact==0.2.3
cat > read.pl <<'PL'
use strict;
use warnings;
use lib 'usr/share/perl5';
use Business::Edifact::Interchange;
use JSON::PP;

local $/;
my $file = Business::Edifact::Interchange->new;
$file->parse(<STDIN>);
my @told = map {
    {
        order => $_->{message_reference}{number}, due => $_->{payment_terms}{payment_date}, sums => $_->{monetary_amount},
        lines => [map { { quantity => $_->{quantity_invoiced}, amount => $_->{lineitem_amount} } } @{ $_->items }],
    }
} @{ $file->messages };
print JSON::PP->new->canonical->encode(\@told);
PL
env/bin/python -W ignore - <<'PY'
import json
import subprocess

from pydifact.segmentcollection import Interchange

HEAD = (
    "BGM+380+FA-118+9'DTM+137:20261102:102'{note}RFF+ON:CDE7'NAD+SU+3012345678908::9'NAD+BY+3098765432106::9'CUX+2:EUR:4'"
    "{terms}"
)
LINE = "LIN+1++9782070612758:EN'IMD+F+{title}'QTY+47:10'{remark}MOA+203:100.50'UNS+S'MOA+9:120.60'"
TERMS = "PAT+3'DTM+13:20261217:102'"


def perl(body, una="", decimal="."):
    body = body.replace(".", decimal)
    number = body.count("'") + 2
    file = (
        f"{una}UNB+UNOC:3+3012345678908:14+3098765432106:14+261102:1000+REF1'UNH+1+INVOIC:D:96A:UN:EAN008'{body}"
        f"UNT+{number}+1'UNZ+1+REF1'"
    )
    done = subprocess.run(["perl", "read.pl"], input=file, capture_output=True, text=True, check=True)
    assert not done.stderr, done.stderr
    segments = [segment for message in Interchange.from_str(file).get_messages() for segment in message.segments]
    assert len(segments) == body.count("'"), "pydifact"
    told = json.loads(done.stdout)
    print(una or "no UNA", told)
    return told


def invoice(note="", terms=TERMS, title=":::Livre", remark=""):
    return HEAD.format(note=note, terms=terms) + LINE.format(title=title, remark=remark)


def seen(message):
    [line] = message["lines"]
    return message["order"], message["due"], line["quantity"], line["amount"], [each["value"] for each in message["sums"]]


WHOLE = ("CDE7", "20261217", "10", "100.50", ["120.60"])
for una in ("", "UNA:+.? '"):
    [message] = perl(invoice(), una)
    assert seen(message) == WHOLE
assert perl(invoice(), "UNA:+,? '", ",") == []

ASKED = "FTX+AAI+++Le transport est-il compris ??'"
[message] = perl(invoice(note=ASKED))
assert seen(message) == (None, *WHOLE[1:])
[message] = perl(invoice(title=":::Que sais-je ??"))
assert seen(message) == (*WHOLE[:2], None, *WHOLE[3:])
[message] = perl(invoice(remark=ASKED))
assert seen(message) == (*WHOLE[:3], None, *WHOLE[4:])

[message] = perl(invoice(terms="PAT+4'DTM+13:20261202:102'MOA+9:40.20'PAT+4'DTM+13:20270101:102'MOA+9:80.40'"))
assert (message["due"], seen(message)[4]) == ("20270101", ["40.20", "80.40", "120.60"])
assert {each["qualifier"] for each in message["sums"]} == {"9"}
print("As seen.")
PY
