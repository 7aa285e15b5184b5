"""E-mails to customers can be read where the program that shows them is dark.

Odoo's layout has dark letters and no ground. A reminder is read as it leaves, in
``tests/orm/notice/test_enclosures.py``.
"""

from pathlib import Path

from lxml import etree

ADDON = Path(__file__).parents[2] / "account_dunning_fr"
GROUND = "background-color:#ffffff;color:#333333;padding:8px;"
BODIES = "//record[@model='mail.template']/field[@name='body_html']/div"


def test_each_template_brings_its_ground():
    bodies = [
        body
        for path in sorted(ADDON.glob("data/*.xml"))
        for body in etree.parse(path).xpath(BODIES)
    ]
    own = [body for body in bodies if not body.xpath("t[@t-out='object.message_html']")]
    assert len(own) == 6
    assert {body.get("style") for body in own} == {GROUND}
