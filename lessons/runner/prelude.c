/*
 * What every jq expression of a lesson can call. The input of each is the
 * capture; AUTHORING.md lists them with examples.
 *
 * Numbers in jq are doubles: addresses (up to 2^48) are exact, words of 64 bits
 * are not, and stay strings.
 */

#include "query.h"

// long: one string, one function of jq a line.
const char query_prelude[] =
	// A step, and what it left.
	"def step($name): first(.steps[] | select(.name == $name));\n"
	"def without($name): step($name).skipped;\n"
	"def line($name; $re): step($name).lines[] | select(test($re));\n"
	"def outline($name; $re): step($name).stdout | split(\"\\n\")[]"
	" | select(test($re));\n"
	// The trace of a step, as gocrash decodes it.
	"def trace($name): step($name).trace[0];\n"
	"def frame($name; $function): first(trace($name).goroutines[].frames[]"
	" | select(.function == $function));\n"
	"def argument($name; $function; $argument): first(frame($name; $function)"
	".arguments[] | select(.name == $argument));\n"
	// Numbers and their spellings.
	"def unhex: ascii_downcase | ltrimstr(\"0x\")"
	" | reduce (explode[] | if . >= 97 then . - 87 else . - 48 end)"
	" as $digit (0; . * 16 + $digit);\n"
	"def digits($base): if . < $base then [.] else"
	" (((. / $base) | floor) | digits($base)) + [. % $base] end;\n"
	"def spell($base): digits($base)"
	" | map(if . < 10 then . + 48 else . + 87 end) | implode;\n"
	"def hex: \"0x\" + spell(16);\n"
	// What stands there, read with the wrong base; null when it cannot be.
	"def decimal_as_hex: tostring | unhex;\n"
	"def hex_as_decimal: spell(16)"
	" | if test(\"^[0-9]+$\") then tonumber else null end;\n"
	// Evidence: the line of a step that matches $line, and the columns
	// that $part finds in it (its groups, where it has any).
	"def marks($name; $stream; $lines; $line; $part):"
	" first(range(0; $lines | length) | select($lines[.] | test($line)))"
	" as $i | $lines[$i] as $text"
	" | [$text | match($part; \"g\")"
	" | if (.captures | length) > 0 then .captures[] else . end"
	" | select(.offset >= 0)"
	" | {step: $name, stream: $stream, line: ($i + 1), text: $text,"
	" from: .offset, length: .length}];\n"
	"def mark($name; $line; $part): step($name).lines as $lines"
	" | marks($name; \"stderr\"; $lines; $line; $part);\n"
	"def outmark($name; $line; $part): (step($name).stdout | split(\"\\n\"))"
	" as $lines | marks($name; \"stdout\"; $lines; $line; $part);\n"
	// Every line that matches, not only the first.
	"def every($name; $line; $part): step($name).lines as $lines"
	" | [range(0; $lines | length) | select($lines[.] | test($line))"
	" | . as $i | $lines[$i] as $text | $text | match($part; \"g\")"
	" | if (.captures | length) > 0 then .captures[] else . end"
	" | select(.offset >= 0)"
	" | {step: $name, stream: \"stderr\", line: ($i + 1), text: $text,"
	" from: .offset, length: .length}];\n"
	// The same in the line below: where a frame's place stands.
	"def below($name; $line; $part): step($name).lines as $lines"
	" | first(range(0; $lines | length) | select($lines[.] | test($line)))"
	" as $i | [range(0; $lines | length) | if . == $i + 1"
	" then $lines[.] else \"\" end] as $rest"
	" | marks($name; \"stderr\"; $rest; $part; $part);\n"
	"def quote($text; $part): [$text | match($part; \"g\")"
	" | {text: $text, from: .offset, length: .length}];\n";
