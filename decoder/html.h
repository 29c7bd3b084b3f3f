#ifndef GCR_HTML_H
#define GCR_HTML_H

/* Dumps as one page; the writer is gcr_html_writer_new() in gocrash.h. */

#include "gocrash.h"

#endif
