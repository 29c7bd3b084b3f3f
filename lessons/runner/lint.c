#include "verbs.h"
int verb_lint(struct session *s)
{
	(void)s;
	return 0;
}
