/*
 * The lines of a traceback, form by form. Go runtime/traceback.go, panic.go and
 * signal_unix.go print them; an example stands above each reader.
 */

#include "grammar.h"

#include "span.h"

// The characters of an argument list: `{0x2a?, _, ...}`.
static bool is_argument_char(char c)
{
	static const unsigned char allowed[256] = {
		['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1,
		['5'] = 1, ['6'] = 1, ['7'] = 1, ['8'] = 1, ['9'] = 1,
		['a'] = 1, ['b'] = 1, ['c'] = 1, ['d'] = 1, ['e'] = 1,
		['f'] = 1, ['x'] = 1, [','] = 1, [' '] = 1, ['?'] = 1,
		['{'] = 1, ['}'] = 1, ['_'] = 1, ['.'] = 1,
	};

	return allowed[(unsigned char)c] != 0;
}

static struct gcr_span skip_indent(struct gcr_span line)
{
	while (line.size > 0 && gcr_is_space(line.data[0]))
		line = gcr_span_tail(line, 1);
	return line;
}

static struct gcr_span strip_end(struct gcr_span line)
{
	while (line.size > 0 && gcr_is_space(line.data[line.size - 1]))
		line.size--;
	return line;
}

// main.example({0xc00003e6e8, 0x2, 0x4}, {0x48fc24, 0x5}, 0xa)
bool gcr_read_function(struct gcr_span line, struct gcr_frame *ret)
{
	size_t at;

	line = strip_end(skip_indent(line));
	if (line.size < 3 || line.data[line.size - 1] != ')')
		return false;
	for (at = line.size - 1; at > 0 && is_argument_char(line.data[at - 1]);)
		at--;
	if (at < 2 || line.data[at - 1] != '(')
		return false;
	struct gcr_span name = gcr_span_head(line, at - 1);
	struct gcr_span list =
		gcr_span_head(gcr_span_tail(line, at), line.size - 1 - at);
	if (list.size > 0 && memchr("0{_.", list.data[0], 4) == NULL)
		return false;
	// A log line may well end in a word in parentheses.
	if (gcr_span_find_text(name, ": ") != GCR_NOWHERE ||
	    gcr_span_starts(name, "created by "))
		return false;
	ret->function = name;
	ret->arguments = list;
	return true;
}

// Of a frame's flags while its location is read.
enum {
	SP_READ = 1u << 30
};

// Which field of the frame a token's key means; moves behind the key.
static uint64_t *suffix_field(struct gcr_span *token, struct gcr_frame *frame,
			      unsigned *flag)
{
	if (gcr_span_skip(token, "+")) {
		*flag = GCR_FRAME_OFFSET;
		return &frame->offset;
	}
	if (gcr_span_skip(token, "pc=")) {
		*flag = GCR_FRAME_PC;
		return &frame->pc;
	}
	// The three stand together, and are read from the right.
	if (gcr_span_skip(token, "sp=") && (frame->flags & GCR_FRAME_PC) != 0) {
		*flag = SP_READ;
		return &frame->sp;
	}
	*flag = GCR_FRAME_FP_SP;
	return gcr_span_skip(token, "fp=") && (frame->flags & SP_READ) != 0
		       ? &frame->fp
		       : NULL;
}

// One ` key=0x…` or ` +0x…` at the end of a location line.
static bool take_suffix(struct gcr_span token, struct gcr_frame *frame)
{
	unsigned flag;
	uint64_t *field = suffix_field(&token, frame, &flag);

	if (field == NULL || gcr_span_hex(&token, field) != GCR_NUMBER_OK ||
	    token.size > 0)
		return false;
	frame->flags |= flag;
	return true;
}

// `/src/main.go:10`, what is left of a location line.
static bool take_file(struct gcr_span text, struct gcr_frame *frame)
{
	size_t at = text.size;
	uint64_t line = 0;

	while (at > 0 && gcr_is_digit(text.data[at - 1]))
		at--;
	struct gcr_span digits = gcr_span_tail(text, at);
	if (at < 2 || text.data[at - 1] != ':' ||
	    gcr_span_decimal(&digits, &line) != GCR_NUMBER_OK ||
	    line > UINT32_MAX)
		return false;
	frame->file = gcr_span_head(text, at - 1);
	frame->line = (unsigned)line;
	return true;
}

// Where the last word starts; 0 when a `:` comes before any space.
static size_t last_word(struct gcr_span text)
{
	for (size_t at = text.size; at > 0; at--) {
		if (text.data[at - 1] == ' ')
			return at;
		if (text.data[at - 1] == ':')
			break;
	}
	return 0;
}

// 	/src/main.go:10 +0x45 fp=0xc00003e6d0 sp=0xc00003e6a0 pc=0x48f5c5
bool gcr_read_location(struct gcr_span line, struct gcr_frame *ret)
{
	struct gcr_frame frame = { .function = ret->function,
				   .arguments = ret->arguments,
				   .place = ret->place };
	size_t at;

	line = strip_end(skip_indent(line));
	while ((at = last_word(line)) > 0 &&
	       take_suffix(gcr_span_tail(line, at), &frame))
		line = strip_end(gcr_span_head(line, at));
	if (!take_suffix(line, &frame) && !take_file(line, &frame))
		return false;
	frame.flags &= ~(unsigned)SP_READ;
	if (frame.flags == GCR_FRAME_PC)
		frame.flags |= GCR_FRAME_CGO;
	else if (frame.file.data == NULL)
		return false;
	*ret = frame;
	return true;
}

// ` gp=0xc0000a36c0 m=0 mp=0x534c80` or ` gp=0xc0000a3180 m=nil`
static bool read_gp(struct gcr_span *text, struct gcr_goroutine *ret)
{
	if (!gcr_span_skip(text, " gp="))
		return true;
	if (gcr_span_hex(text, &ret->gp) != GCR_NUMBER_OK ||
	    !gcr_span_skip(text, " m="))
		return false;
	ret->flags |= GCR_G_GP;
	if (gcr_span_skip(text, "nil"))
		return true;
	ret->flags |= GCR_G_M;
	if (gcr_span_decimal(text, &ret->m) != GCR_NUMBER_OK)
		return false;
	return !gcr_span_skip(text, " mp=") ||
	       gcr_span_hex(text, &ret->mp) == GCR_NUMBER_OK;
}

// One part of `[select, 5 minutes, locked to thread]` behind the status.
static void read_state_part(struct gcr_span part, struct gcr_goroutine *ret)
{
	uint64_t number;

	if (gcr_span_is(part, "locked to thread")) {
		ret->flags |= GCR_G_LOCKED;
	} else if (gcr_span_skip(&part, "synctest group ") ||
		   gcr_span_skip(&part, "synctest bubble ")) {
		ret->flags |= GCR_G_SYNCTEST;
		gcr_span_decimal(&part, &ret->synctest);
	} else if (gcr_span_decimal(&part, &number) == GCR_NUMBER_OK &&
		   gcr_span_starts(part, " minute")) {
		ret->minutes = number;
	}
}

static void strip_word(struct gcr_span *status, const char *word,
		       unsigned *flags, unsigned flag)
{
	if (!gcr_span_ends(*status, word))
		return;
	status->size -= strlen(word);
	*flags |= flag;
}

// `select (durable)` is a wait reason; behind another mark it is one too.
static void strip_marks(struct gcr_goroutine *ret)
{
	struct gcr_span status = ret->state;
	unsigned flags = 0;

	strip_word(&status, " (durable)", &flags, GCR_G_DURABLE);
	ret->flags |= flags;
	flags = 0;
	strip_word(&status, " (scan)", &flags, GCR_G_SCAN);
	strip_word(&status, " (leaked)", &flags, GCR_G_LEAKED);
	ret->flags |= flags;
	if (flags != 0)
		ret->state = status;
}

// chan receive (leaked), 5 minutes, synctest bubble 1 labels:{"k": "v"}
// Go1.26 printed labels there, and only when asked to.
static void read_state(struct gcr_span state, struct gcr_goroutine *ret)
{
	ptrdiff_t labels = gcr_span_find_text(state, " labels:{");

	if (labels != GCR_NOWHERE && gcr_span_ends(state, "}")) {
		struct gcr_span text = gcr_span_tail(state, (size_t)labels + 9);
		ret->labels = gcr_span_head(text, text.size - 1);
		state = gcr_span_head(state, (size_t)labels);
	}
	ret->state = state;
	for (bool first = true; state.size > 0; first = false) {
		ptrdiff_t comma = gcr_span_find_text(state, ", ");
		size_t size = comma == GCR_NOWHERE ? state.size : (size_t)comma;
		struct gcr_span part = gcr_span_head(state, size);
		if (first)
			ret->state = part;
		else
			read_state_part(part, ret);
		state = gcr_span_tail(state, size + 2);
	}
	strip_marks(ret);
}

// `[select] {k: v, "a b": c}`, since go1.27: takes the labels off.
static bool take_labels(struct gcr_span *line, struct gcr_goroutine *ret)
{
	ptrdiff_t at = gcr_span_find_text(*line, "] {");

	if (at == GCR_NOWHERE)
		return false;
	ret->labels = gcr_span_tail(*line, (size_t)at + strlen("] {"));
	ret->labels.size -= strlen("}:");
	ret->flags |= GCR_G_LABELS_BEHIND;
	*line = gcr_span_head(*line, (size_t)at);
	return true;
}

// goroutine 18 gp=0xc0000a3180 m=nil [chan receive, locked to thread]:
bool gcr_read_header(struct gcr_span line, struct gcr_goroutine *ret)
{
	struct gcr_goroutine g = { .kind = GCR_STACK_GOROUTINE, .count = 1 };

	line = strip_end(line);
	if (!gcr_span_skip(&line, "goroutine ") ||
	    gcr_span_decimal(&line, &g.id) != GCR_NUMBER_OK ||
	    !read_gp(&line, &g) || !gcr_span_skip(&line, " ["))
		return false;
	if (gcr_span_ends(line, "]:"))
		line.size -= strlen("]:");
	else if (!gcr_span_ends(line, "}:") || !take_labels(&line, &g))
		return false;
	read_state(line, &g);
	*ret = g;
	return true;
}

// created by net/http.(*Server).Serve in goroutine 1
bool gcr_read_created(struct gcr_span line, struct gcr_frame *ret,
		      uint64_t *creator, bool *has_creator)
{
	size_t at;

	line = strip_end(skip_indent(line));
	if (!gcr_span_skip(&line, "created by ") || line.size == 0)
		return false;
	*has_creator = false;
	at = line.size;
	while (at > 0 && gcr_is_digit(line.data[at - 1]))
		at--;
	struct gcr_span head = gcr_span_head(line, at);
	struct gcr_span digits = gcr_span_tail(line, at);
	if (gcr_span_ends(head, " in goroutine ") &&
	    gcr_span_decimal(&digits, creator) == GCR_NUMBER_OK) {
		*has_creator = true;
		line = gcr_span_head(head,
				     head.size - strlen(" in goroutine "));
	}
	ret->function = line;
	ret->arguments = (struct gcr_span){ 0 };
	return true;
}

// ...12 frames elided...
bool gcr_read_elision(struct gcr_span line, uint64_t *ret)
{
	uint64_t count = 0;

	line = strip_end(skip_indent(line));
	if (gcr_span_is(line, "...additional frames elided...")) {
		*ret = 0;
		return true;
	}
	if (!gcr_span_skip(&line, "...") ||
	    gcr_span_decimal(&line, &count) != GCR_NUMBER_OK ||
	    !gcr_span_is(line, " frames elided..."))
		return false;
	*ret = count;
	return true;
}

// [originating from goroutine 4]:
bool gcr_read_origin(struct gcr_span line, uint64_t *ret)
{
	return gcr_span_skip(&line, "[originating from goroutine ") &&
	       gcr_span_decimal(&line, ret) == GCR_NUMBER_OK &&
	       gcr_span_starts(line, "]:");
}

bool gcr_is_unavailable(struct gcr_span line)
{
	return gcr_span_is(skip_indent(strip_end(line)),
			   "goroutine running on other thread"
			   "; stack unavailable");
}

// ` code=0x1`: a space, the key and a number somewhere in the rest of the line.
static bool find_key(struct gcr_span line, const char *key, uint64_t *ret)
{
	ptrdiff_t at = gcr_span_find_text(line, key);
	struct gcr_span rest;

	if (at == GCR_NOWHERE)
		return false;
	rest = gcr_span_tail(line, (size_t)at + strlen(key));
	return gcr_span_hex(&rest, ret) == GCR_NUMBER_OK ||
	       gcr_span_decimal(&rest, ret) == GCR_NUMBER_OK;
}

// `SIGSEGV: segmentation violation` into its two halves.
static void split_signal(struct gcr_span text, struct gcr_signal *ret)
{
	ptrdiff_t colon = gcr_span_find_text(text, ": ");

	ret->name = text;
	if (colon == GCR_NOWHERE)
		return;
	ret->name = gcr_span_head(text, (size_t)colon);
	ret->description = gcr_span_tail(text, (size_t)colon + 2);
}

// [signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x45af5e]
bool gcr_read_signal(struct gcr_span line, struct gcr_signal *ret)
{
	struct gcr_signal signal = { 0 };
	ptrdiff_t code;

	line = strip_end(skip_indent(line));
	if (!gcr_span_skip(&line, "[signal ") || !gcr_span_ends(line, "]"))
		return false;
	line.size--;
	code = gcr_span_find_text(line, " code=");
	if (code == GCR_NOWHERE)
		return false;
	split_signal(gcr_span_head(line, (size_t)code), &signal);
	signal.has_code = find_key(line, " code=", &signal.code);
	signal.has_addr = find_key(line, " addr=", &signal.addr);
	signal.has_pc = find_key(line, " pc=", &signal.pc);
	*ret = signal;
	return true;
}

static bool is_signal_name(struct gcr_span name)
{
	if (!gcr_span_skip(&name, "SIG") || name.size == 0)
		return false;
	for (size_t i = 0; i < name.size; i++)
		if (!gcr_is_digit(name.data[i]) &&
		    !(name.data[i] >= 'A' && name.data[i] <= 'Z'))
			return false;
	return true;
}

// SIGQUIT: quit
bool gcr_read_signal_head(struct gcr_span line, struct gcr_signal *ret)
{
	struct gcr_signal signal = { 0 };
	struct gcr_span rest = line;
	uint64_t number;

	line = strip_end(line);
	if (gcr_span_skip(&rest, "Signal ")) {
		if (gcr_span_decimal(&rest, &number) != GCR_NUMBER_OK ||
		    strip_end(rest).size > 0)
			return false;
		signal.name = line;
	} else if (gcr_span_skip(&rest, "Exception 0x")) {
		signal.name = line;
	} else {
		split_signal(line, &signal);
		if (!is_signal_name(signal.name) ||
		    signal.description.size == 0)
			return false;
	}
	*ret = signal;
	return true;
}

// PC=0x408d6e m=0 sigcode=0 addr=0x0
bool gcr_read_pc(struct gcr_span line, struct gcr_signal *ret)
{
	uint64_t pc;

	if (!gcr_span_skip(&line, "PC=") ||
	    gcr_span_hex(&line, &pc) != GCR_NUMBER_OK)
		return false;
	ret->pc = pc;
	ret->has_pc = true;
	ret->has_m = find_key(line, " m=", &ret->m);
	ret->has_code = find_key(line, " sigcode=", &ret->code);
	ret->has_addr = find_key(line, " addr=", &ret->addr);
	return true;
}

// rflags 0x206
bool gcr_read_register(struct gcr_span line, struct gcr_register *ret)
{
	uint64_t value;
	size_t size = 0;

	line = strip_end(skip_indent(line));
	while (size < line.size && !gcr_is_space(line.data[size])) {
		char c = line.data[size++];
		if (!gcr_is_digit(c) && !(c >= 'a' && c <= 'z') && c != '_')
			return false;
	}
	struct gcr_span rest = skip_indent(gcr_span_tail(line, size));
	if (size == 0 || size > 8 || size + rest.size == line.size ||
	    gcr_is_digit(line.data[0]) ||
	    gcr_span_hex(&rest, &value) != GCR_NUMBER_OK || rest.size > 0)
		return false;
	ret->name = gcr_span_head(line, size);
	ret->value = value;
	return true;
}

// non-Go function at pc=0x7f3a
bool gcr_read_foreign(struct gcr_span line, struct gcr_frame *ret)
{
	struct gcr_span rest = strip_end(skip_indent(line));
	uint64_t pc;

	if (!gcr_span_skip(&rest, "non-Go function at pc=") ||
	    gcr_span_hex(&rest, &pc) != GCR_NUMBER_OK || rest.size > 0)
		return false;
	ret->function = GCR_SPAN("non-Go function");
	ret->pc = pc;
	ret->flags |= GCR_FRAME_CGO | GCR_FRAME_PC;
	return true;
}

static bool is_dump_row(struct gcr_span line)
{
	struct gcr_span rest;
	uint64_t value;
	size_t digits = 0;

	while (digits < line.size && gcr_hex_digit(line.data[digits]) >= 0)
		digits++;
	rest = gcr_span_tail(line, digits);
	if ((digits == 8 || digits == 16) && gcr_span_starts(rest, ": "))
		return true;
	if (gcr_span_hex(&line, &value) == GCR_NUMBER_OK &&
	    gcr_span_starts(line, ": "))
		return true;
	rest = skip_indent(rest);
	return gcr_span_starts(rest, "^ ") ||
	       gcr_span_starts(rest, "7 6 5 4  3 2 1 0");
}

// unexpected fault address 0x7f3a003
bool gcr_is_remark(struct gcr_span line)
{
	static const struct gcr_span starts[] = {
		GCR_LITERAL("runtime: "),
		GCR_LITERAL("runtime:\t"),
		GCR_LITERAL("unexpected fault address 0x"),
		GCR_LITERAL("accessed data from freed user arena 0x"),
		GCR_LITERAL("signal arrived during "),
		GCR_LITERAL("instruction bytes:"),
		GCR_LITERAL("stack: frame={"),
		GCR_LITERAL("traceback: unexpected SPWRITE function "),
		GCR_LITERAL("panic during panic"),
		GCR_LITERAL("panic during malloc"),
		GCR_LITERAL("stack trace unavailable"),
		GCR_LITERAL("fatal: morestack on g0"),
		GCR_LITERAL("fatal: bad g in signal handler"),
		GCR_LITERAL(
			"fatal: systemstack called from unexpected goroutine"),
		GCR_LITERAL("checkdead: "),
	};

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (gcr_span_begins(line, starts[i]))
			return true;
	return is_dump_row(line);
}
