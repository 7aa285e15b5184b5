"""Printing fetches nothing: a real server listens, and sees no request."""

import gzip
import re
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from unittest.mock import patch
from urllib.parse import quote

from lxml import etree, html
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from odoo.addons.account_dunning_fr.dossier.offline import clean_css, keep_offline
from odoo.addons.account_dunning_fr.models.common import ir_actions_report_engine
from odoo.tests import tagged
from odoo.tools import file_path

from ..dunning_common import DunningCommon
from ..printed import read_pages

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'
PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAAC"


def traps(address):
    """Return what a user may type that names a place, each as HTML."""
    image = SVG.format(f'<image width="9" height="9" xlink:href="{address}/in-svg.png"/>')
    drawing = f"data:image/svg+xml;base64,{b64encode(image.encode()).decode()}"
    return {
        "picture": f'<img src="{address}/a.png"/>',
        "picture without scheme": f'<img src="{address.removeprefix("http:")}/b.png"/>',
        "set of pictures": f'<img srcset="{address}/c.png 1x"/>',
        "style": f'<p style="background: url({address}/d.png)">x</p>',
        "style with quotes": f"<p style=\"background-image: url('{address}/e.png')\">x</p>",
        "style escaped": f'<p style="background: u\\72l({address}/f.png)">x</p>',
        "style with a comment": f'<p style="background: url/**/({address}/g.png)">x</p>',
        "border": f'<p style="border-image: url({address}/h.png) 3; border: 3px solid">x</p>',
        "list": f'<ul style="list-style-image: url({address}/i.png)"><li>x</li></ul>',
        "style sheet": f'<link rel="stylesheet" href="{address}/j.css"/>',
        "import": f'<style>@import "{address}/k.css";</style>',
        "font": f"<style>@font-face {{font-family: a; src: url({address}/l.ttf)}} "
        "p {font-family: a}</style><p>x</p>",
        "script": f'<script src="{address}/m.js"></script>',
        "script that fetches": f"<script>new Image().src = '{address}/n.png'</script>",
        "handler": f"<img src='x' onerror=\"this.src='{address}/o.png'\"/>",
        "frame": f'<iframe src="{address}/p.html"></iframe>',
        "object": f'<object data="{address}/q.svg" type="image/svg+xml"></object>',
        "embedded": f'<embed src="{address}/r.swf"/>',
        "video": f'<video poster="{address}/s.png" src="{address}/s.mp4"></video>',
        "old background": f'<table background="{address}/t.png"><tr><td>x</td></tr></table>',
        "drawing": image,
        "drawing as data": f'<img src="{drawing}"/>',
        "button": f'<input type="image" src="{address}/u.png"/>',
        "reload": f'<meta http-equiv="refresh" content="0; url={address}/v.html"/>',
        "base": f'<base href="{address}/"/><img src="w.png"/>',
        "picture within a text of a style": (
            f"<p style='font-family: \"url({PIXEL}\"; background: url({address}/x.png)'>x</p>"
        ),
        "import around another": f"<style>@im@import;port '{address}/y.css';</style>",
        "escaped escape": f'<p style="background: \\5c 75 rl({address}/z.png)">x</p>',
        "style of a drawing": SVG.format(f"<style><img src='{address}/1.png'/></style>"),
        "style of a formula": f"<math><style><img src='{address}/2.png'/></style></math>",
        "entity in the style of a drawing": SVG.format(
            f"<style>&#64;import '{address}/3.css';</style>"
        ),
        "pointer of a drawing": SVG.format(
            f'<rect width="9" height="9" cursor="url({address}/4.png), auto"/>'
        ),
        "drawing that moves": SVG.format(
            f'<image width="9" height="9" xlink:href="{PIXEL}">'
            f'<set attributeName="xlink:href" to="{address}/5.png"/></image>'
        ),
        "local file": '<img src="file:///etc/hostname"/><iframe src="file:///etc/passwd"></iframe>',
    }


class Listening:
    """A web server on this machine that answers nothing and remembers who asked for what."""

    def __enter__(self):
        self.asked = asked = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                self.send_response(404)
                self.end_headers()

            def log_message(self, *_args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.server.shutdown()
        self.server.server_close()


@tagged("post_install", "-at_install")
class TestPrintingOffline(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Report = cls.env["ir.actions.report"].with_context(force_report_rendering=True)
        if cls.Report.get_wkhtmltopdf_state() == "install":
            cls.skipTest(cls, "wkhtmltopdf is not installed here")
        cls.partner = cls.customer()
        cls.invoice(cls.partner, 10)

    def print_page(self, body, reference="account_dunning_fr.report_notice_letter"):
        page = f"<!DOCTYPE html><html><head></head><body>{body}</body></html>"
        return self.Report._run_wkhtmltopdf([page], report_ref=reference)

    def test_a_report_that_is_not_ours_does_ask_the_server(self):
        """The trap works: what the other tests do not see would be seen."""
        with Listening() as server:
            body = traps(server.address)["picture"]
            self.print_page(body, "account.account_invoices")
            self.assertEqual(server.asked, ["/a.png"])

    def test_nothing_that_is_typed_is_fetched(self):
        with Listening() as server:
            for name, body in traps(server.address).items():
                with self.subTest(trap=name):
                    self.assertTrue(self.print_page(body).startswith(b"%PDF"))
                    self.assertEqual(server.asked, [])

    def test_nothing_is_fetched_of_letters_printed_together(self):
        """Their documents are laid on one page as they were read, and cleaned there."""
        other = self.customer("Other")
        self.invoice(other, 60)
        notices = self.draft(self.partner) | self.draft(other)
        with Listening() as server, patch.object(ir_actions_report_engine, "NO_NETWORK", []):
            for name, body in traps(server.address).items():
                with self.subTest(trap=name):
                    page, _kind = self.Report._render_qweb_html(
                        "account_dunning_fr.report_notice_letter", notices.ids
                    )
                    page = page.replace(b'<div class="dn_letter">', b"<div>" + body.encode())
                    self.assertIn(body.encode(), page)
                    letter = self.Report._get_report("account_dunning_fr.report_notice_letter")
                    (printed,) = letter._run_dunning_engine_apart([page])
                    self.assertEqual(printed.keys(), set(notices.ids))
                    self.assertEqual(server.asked, [])

    def test_what_no_screen_shows_is_printed_all_the_same(self):
        """What is laid out for paper alone says the same, a picture too."""
        picture = b64encode(Path(file_path("base/static/img/res_company_logo.png")).read_bytes())
        source = f"data:image/png;base64,{picture.decode()}"
        other = self.customer("Other")
        self.invoice(other, 60)
        notices = self.draft(self.partner) | self.draft(other)
        report = self.Report._get_report("account_dunning_fr.report_notice_letter")
        page, _kind = self.Report._render_qweb_html(report.report_name, notices.ids)
        letter = b'<div class="dn_letter">'
        for pictured in (
            f'<img src="{source}"/>',
            f'<p style="background: url({source})">x</p>',
            f'<table><tr><td background="{source}">x</td></tr></table>',
            f'<input type="image" src="{source}"/>',
        ):
            with self.subTest(pictured[:20]):
                self.assert_printed_alike(report, page.replace(letter, letter + pictured.encode()))

    def assert_printed_alike(self, report, page):
        said = []
        for hides in (ir_actions_report_engine.prints_for_paper, lambda _program: False):
            with patch.object(ir_actions_report_engine, "prints_for_paper", hides):
                printed = report._run_dunning_engine(page)
            texts = read_pages(printed)
            said.append((texts, printed.count(b"/Subtype /Image")))
        self.assertEqual(*said)
        texts, pictures = said[0]
        self.assertTrue(all(texts))
        self.assertGreaterEqual(pictures, 1)

    def test_what_was_cleaned_is_known_by_what_it_is_alone(self):
        """A text made of a cleaned page is looked at again."""
        kept = keep_offline("<p>x</p>")
        self.assertIs(keep_offline(kept), kept)
        picture = traps("http://x.example")["picture"]
        self.assertNotIn("x.example", keep_offline(kept.replace("x", picture)))

    def test_no_comment_is_printed(self):
        """Where a comment ends, not every reader of HTML agrees."""
        trap = '<img src="http://x.example/a.png">'
        tree = html.document_fromstring(f"<p>one<!--{trap}-->two<b>three</b>four</p>")
        instruction = etree.ProcessingInstruction("x", trap)
        instruction.tail = "five"
        tree.find(".//b").append(instruction)
        kept = keep_offline(tree)
        self.assertIn("<p>onetwo<b>threefive</b>four</p>", kept)
        self.assertNotIn("x.example", kept)

    def test_each_wall_holds_alone(self):
        with Listening() as server:
            body = "".join(traps(server.address).values())
            with patch.object(ir_actions_report_engine, "NO_NETWORK", []):
                self.print_page(body)
            self.assertEqual(server.asked, [])

    def test_the_texts_of_a_letter_are_printed_and_nothing_in_them_is_fetched(self):
        notice = self.draft(self.partner)
        notice.send_letter = True
        with Listening() as server:
            typed = "".join(traps(server.address).values())
            # As they would be if the editor let everything pass.
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE account_dunning_notice SET custom_body = %s, custom_closing = %s"
                " WHERE id = %s",
                [typed + "<p>Typed</p>", typed, notice.id],
            )
            notice.invalidate_recordset()
            content = self.Report._render_dunning_letters(notice)[notice.id]
            self.assertTrue(content.startswith(b"%PDF"))
            self.assertEqual(server.asked, [])

    def test_what_a_page_brings_with_it_stays(self):
        page = f"<html><body><img src='{PIXEL}'><a href='https://x.example'>x</a></body></html>"
        kept = keep_offline(page)
        self.assertIn(PIXEL, kept)
        self.assertIn("https://x.example", kept)
        letter = self.env["ir.actions.report"]._render_qweb_html(
            "account_dunning_fr.report_notice_letter", self.draft(self.partner).ids
        )[0]
        kept = keep_offline(letter.decode())
        words = re.compile(r"\w+")
        text = re.sub(r"<[^>]*>", " ", letter.decode())
        self.assertEqual(
            sorted(words.findall(re.sub(r"<[^>]*>", " ", kept)))[:50],
            sorted(words.findall(text))[:50],
        )
        self.assertIn("dn_letter", kept)

    def test_a_drawing_named_a_picture_shows_no_file_of_the_server(self):
        """The program takes a picture for what its first bytes say, and a drawing shows files."""
        logo = file_path("base/static/img/res_company_logo.png")
        drawing = SVG.format(f'<image width="9" height="9" xlink:href="{logo}"/>').encode()
        shown = b"/Subtype /Image\n"
        for data in (
            f"data:image/png;base64,{b64encode(drawing).decode()}",
            f"data:image/gif;base64,{b64encode(gzip.compress(drawing)).decode()}",
            f"data:image/png,{quote(drawing)}",
        ):
            for body in (f"<img src='{data}'/>", f"<p style='background: url({data})'>x</p>"):
                self.assertNotIn("data:", keep_offline(body))
                self.assertNotIn(shown, self.print_page(body))
        picture = b64encode(Path(logo).read_bytes()).decode()
        body = f"<img width='9' height='9' src='data:image/png;base64,{picture}'/>"
        self.assertIn(shown, self.print_page(body))

    def test_styles_keep_what_fetches_nothing(self):
        ended = PIXEL.replace(";", ";'; background: url(http://x.example/a.png);")
        for style in (
            "color: red",
            "zoom: 1.2987",
            f"background: url({PIXEL})",
            "width: calc(1px)",
            f"background: url('{PIXEL}') no-repeat; background-size: calc(1px)",
        ):
            self.assertEqual(clean_css(style), style)
        for style in (
            "background: URL( 'http://x.example/a.png' )",
            "background: url(//x.example/a",
            "background: -webkit-image-set(url(http://x.example/a.png) 1x)",
            "@import url(http://x.example/a.css);",
            "@\\69mport 'http://x.example/a.css'",
            "@import 'http://x.example/a.css' }",
            f"font-family: 'url({PIXEL}'; background: url(http://x.example/a.png)",
            f"background: image({PIXEL}, url(http://x.example/a.png))",
            f"font-family: 'url({ended}')",
        ):
            self.assertNotIn("x.example", clean_css(style))
        for style in ("a: \\5c 75 rl(x)", "a: \\\\75rl(x)", "a: u\\2f**/rl(x)", "a: \\5c"):
            self.assertNotRegex(clean_css(style), r"[\\]|url\(")
        self.assertNotIn("@import", clean_css("@im@import;port 'http://x.example/a.css';"))
        self.assertEqual(clean_css("<!-- p {a: b} --><b>&#64;"), " p {a: b} b>#64;")


@tagged("post_install", "-at_install")
class TestForPaper(DunningCommon):
    """A page is hidden from the screen of a program alone that prints it all the same."""

    def find_given(self, printed):
        """Return the page that a program is given which prints this of a hidden ruler."""
        info = ir_actions_report_engine._wkhtml()._replace(is_patched_qt=False, bin=repr(printed))
        done = SimpleNamespace(stdout=printed)
        with (
            patch.object(ir_actions_report_engine, "_wkhtml", lambda: info),
            patch.object(ir_actions_report_engine.subprocess, "run", lambda *_a, **_k: done),
        ):
            (given,) = ir_actions_report_engine._hide(["<html><head></head><body>x</body></html>"])
        return given

    def test_a_program_that_printed_the_hidden_ruler_lays_out_once(self):
        self.assertIn("@media screen", self.find_given(draw_ruler(1.0)))

    def test_a_program_that_printed_it_blank_is_given_the_page_as_it_is(self):
        for printed in (b"", draw_ruler(1.0, ""), draw_ruler(1.0, "A")):
            self.assertNotIn("screen", self.find_given(printed))

    def test_the_program_here_is_asked(self):
        if self.env["ir.actions.report"].get_wkhtmltopdf_state() == "install":
            self.skipTest("wkhtmltopdf is not installed here")
        program = ir_actions_report_engine._wkhtml()
        hidden = ir_actions_report_engine.prints_for_paper(program.bin)
        self.assertEqual(hidden, not program.is_patched_qt)


def draw_ruler(scale, marks="AB"):
    """Return a page with the two marks of the ruler, as a program prints them at a scale."""
    stream = BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    for mark, place in zip(marks, (10, 10 + 100 * mm * scale), strict=False):
        canvas.drawString(place, 700, mark)
    canvas.save()
    return stream.getvalue()


@tagged("post_install", "-at_install")
class TestSize(DunningCommon):
    """A millimetre of a letter is one on paper, whichever wkhtmltopdf prints it."""

    def test_the_zoom_answers_what_the_program_prints(self):
        Report = self.env["ir.actions.report"]
        program = ir_actions_report_engine._wkhtml()
        for number, (patched, printed, zoom) in enumerate(
            (
                (True, draw_ruler(1.0), 1.0),
                (True, draw_ruler(1.28), 0.78),
                (True, draw_ruler(0.8), 1.25),
                (True, draw_ruler(1.28, "A"), 1.0),
                (True, b"", 1.0),
                (False, draw_ruler(1.28), 1.3),
            )
        ):
            info = program._replace(is_patched_qt=patched, bin=f"program {number}")
            done = SimpleNamespace(stdout=printed)
            with (
                self.subTest(number=number),
                patch.object(ir_actions_report_engine, "_wkhtml", lambda info=info: info),
                patch.object(
                    ir_actions_report_engine.subprocess, "run", lambda *_a, done=done, **_k: done
                ),
            ):
                self.assertAlmostEqual(Report._get_dunning_letter_zoom(), zoom, places=2)
