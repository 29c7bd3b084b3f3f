#ifndef GCR_HTMLTEXTS_H
#define GCR_HTMLTEXTS_H

/* What is the same in every page; lines end behind each, NULL ends a list. */

extern const char *const gcr_html_style[];
extern const char *const gcr_html_script[];

/* As a Content-Security-Policy names it: `sha256-…`. */
extern const char gcr_html_script_digest[];

#endif
