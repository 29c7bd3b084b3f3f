#!/bin/sh
# The page of `gocrash goroutines --format=html`: whole, alone, and safe whatever
# is in the dump. What needs a browser is asked of headless Chromium, and told as
# skipped where there is none.
set -u
gocrash=${GOCRASH:-build/release/gocrash}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
checked=0
failed=0

# same WHAT GOT WANT
same() {
	checked=$((checked + 1))
	[ "$2" = "$3" ] && return
	failed=$((failed + 1))
	echo "FAILED: $1 is '$2', not '$3'"
}

# One that wants to be markup wherever it can.
hostile() {
	cat <<'END'
panic: </title></h1><script>document.title="pwned"</script><img src=x onerror=alert(1)>"'&amp;

goroutine 1 [running]:
main.F[struct { a int "json:\"x\" </script><b>" }](0x1, {0x2, 0x3}, 0x4?)
	/src/<i>a&b"c'.go:7 +0x1d

goroutine 7 [select, 5 minutes, locked to thread labels:{"k": "x]: \"q\" <svg onload=alert(2)>", "j\n": "v"}]:
main.evil"onmouseover=alert(3)(0xc000010000)
	/src/b.go:3 +0x1d
created by main.main in goroutine 1
	/src/main.go:8 +0x11

goroutine 8 [select, 2 minutes]:
main.evil"onmouseover=alert(3)(0xc000010008)
	/src/b.go:3 +0x1d
created by main.main in goroutine 1
	/src/main.go:8 +0x11

goroutine 9 ["onfocus=alert(4) autofocus x="]:
net/http.(*Server).Serve(0xc000010008)
	/usr/local/go/src/net/http/server.go:3 +0x1d
main.<!--(0xc000010008)
	/src/main.go:3 +0x1d
created by main.main in goroutine 1
	/src/main.go:8 +0x11
END
	printf '\ngoroutine 10 [sleep]:\nmain.\033]0;x\007f\302\233(0x1)\n\t/src/\377\376.go:7 +0x1\n'
}

# Tags of the page, one a line, attributes and all.
tags() {
	tr '\n' ' ' <"$1" | grep -o '<[a-zA-Z!/][^>]*>'
}

# digest FILE: of the script in it, as the page's head names it.
digest() {
	sed -n '/^<script>\|<script>(/,/^<\/script>/p' "$1" |
		sed 's/^<script>//; /^<\/script>/d' | sha256sum | cut -c 1-64 |
		sed 's/../\\x&/g' | xargs -0 printf '%b' | head -c 32 | base64
}

check_text() {
	same 'scripts' "$(grep -c '<script' "$page")" 1
	same 'digest of the script' "$(digest "$page")" \
		"$(sed -n "s/.*script-src 'sha256-\\([^']*\\)'.*/\\1/p" "$page")"
	same 'references to elsewhere' "$(tags "$page" | grep -Eic ' (src|href|srcset|data|action|poster)="?[^"#]')" 0
	same 'style from elsewhere' "$(sed -n '/^<style>/,/^<.style>/p' "$page" | grep -Eic 'url\(|@import|https?:')" 0
	same 'tags that are not ours' "$(tags "$page" | grep -Eic '^<(img|svg|b>[^<]*<b|i>|iframe|object|embed|link|form|base)')" 0
	same 'handlers' "$(tags "$page" | grep -Eic ' on[a-z]+=')" 0
	same 'control characters' "$(LC_ALL=C tr -d '\n\t' <"$page" | LC_ALL=C grep -c '[[:cntrl:]]')" 0
	iconv -f UTF-8 -t UTF-8 "$page" >"$work/utf8" 2>&1
	same 'valid UTF-8' $? 0
	for tag in details summary section ol li span p table; do
		same "$tag: opened and closed" "$(tags "$page" | grep -c "^<${tag}[ >]")" \
			"$(tags "$page" | grep -c "^</$tag>")"
	done
}

# How a page ends up in a browser, as markup.
browse() {
	set -- "$@" --headless --disable-gpu --disable-quic --no-first-run \
		--disable-background-networking --disable-component-update \
		--disable-sync --user-data-dir="$work/profile" \
		--virtual-time-budget=5000 --dump-dom
	[ "$(id -u)" -ne 0 ] || set -- "$@" --no-sandbox
	timeout 120 "$browser" "$@" 2>"$work/browser.log"
}

# The page with another script at its end, which its head does not name.
with_script() {
	sed '/^<\/body>/i <script>' "$page" | sed "/^<script>\$/r $1" |
		sed '/^<\/body>/i </script>'
}

# What a user does, and what is to be seen then.
play() {
	cat <<'END'
(function () {
  var log = [], byId = function (id) { return document.getElementById(id); };
  function key(name, target) {
    (target || document.activeElement || document.body).dispatchEvent(
      new KeyboardEvent("keydown", { key: name, bubbles: true }));
  }
  function tell(what) { log.push(what + ": " + byId("shown").textContent); }
  function focused() {
    var group = document.activeElement.closest(".g");
    return group ? group.id : document.activeElement.id;
  }
  function look(text, then) {
    byId("q").value = text;
    byId("q").dispatchEvent(new Event("input"));
    setTimeout(function () { tell(text); then(); }, 200);
  }
  function end() {
    document.body.textContent = "PLAYED\n" + log.join("\n") + "\nEND";
  }
  function rest() {
    key("Escape"); tell("escape");
    byId("own").click(); tell("own"); byId("own").click();
    document.querySelector(".pick[data-state=select]").click(); tell("state");
    document.querySelector(".pick[data-state=select]").click(); tell("again");
    key("/"); log.push("slash: " + focused());
    key("ArrowDown"); log.push("down: " + focused());
    key("j"); log.push("j: " + focused());
    key("k"); log.push("k: " + focused());
    key("x"); log.push("x: " + document.querySelectorAll(".g[open]").length);
    key("x"); log.push("x: " + document.querySelectorAll(".g[open]").length);
    byId("sort").value = "first";
    byId("sort").dispatchEvent(new Event("change"));
    log.push("first: " + document.querySelector(".g").id);
    byId("theme").click();
    log.push("theme: " + document.documentElement.dataset.theme);
    end();
  }
  look("EVIL", function () { look("evil -onmouseover", function () {
    look("<svg onload", rest); }); });
}());
END
}

check_browser() {
	browse "file://$page" >"$work/dom"
	same 'the script has run' "$(grep -o '<output[^>]*>[^<]*' "$work/dom" | sed 's/.*>//')" '5 in 4 groups'
	same 'title' "$(sed -n 's/.*<title>panic: \(.*\)<\/title>.*/\1/p' "$work/dom" | cut -c 1-32)" '&lt;/title&gt;&lt;/h1&gt;&lt;scr'
	echo 'document.title = "ran"' >"$work/other.js"
	with_script "$work/other.js" >"$work/other.html"
	browse "file://$work/other.html" >"$work/dom"
	same 'another script' "$(grep -c '<title>ran' "$work/dom")" 0
	play >"$work/play.js"
	with_script "$work/play.js" | grep -v Content-Security-Policy >"$work/play.html"
	browse "file://$work/play.html" | sed -n '/PLAYED/,/END/p' >"$work/played"
	cat >"$work/want" <<'END'
EVIL: 2 in 1 group
evil -onmouseover: 0 in 0 groups
<svg onload: 2 in 1 group
escape: 5 in 4 groups
own: 5 in 4 groups
state: 2 in 1 group
again: 5 in 4 groups
slash: q
down: d1g1
j: d1g0
k: d1g1
x: 4
x: 0
first: d1g0
theme: dark
END
	sed 's/&lt;/</g; /PLAYED/d; /^END/d' "$work/played" >"$work/got"
	same 'what was played' "$(diff "$work/want" "$work/got")" ''
}

page=$work/page.html
hostile >"$work/dump.txt"
"$gocrash" goroutines --format=html "$work/dump.txt" >"$page"
same 'exit status' $? 0
check_text
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
if [ -n "$browser" ]; then
	check_browser
else
	echo 'skipped: the page in a browser (there is no chromium)'
fi

# All recordings are pages, and no page gives a browser anything to run.
page=$work/all.html
find tests/data/recorded -name '*.txt' -size +0 -exec \
	"$gocrash" goroutines --format=html {} + >"$page" 2>"$work/err"
check_text
echo "$checked checked, $failed failed"
[ "$failed" -eq 0 ]
