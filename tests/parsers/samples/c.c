/* A pool of connections: the sample for C. */
#include <stdio.h>

#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define LIMIT 10
/* Runs once. */
#define ONCE(body) do { \
    body; \
  } while (0)

struct pool { int size; int (*hook)(void); };

int open_pool(const char *host, int port);

/*
 * Opens a connection.
 *
 * Gives NULL back on failure.
 */
static inline struct pool *
open_connection(const char *host, /* may be NULL */
                int port)
{
    return NULL;
}

// Closes it,
// at last.
void close_pool(struct pool *p) { p->size = 0; }

int old_style(a, b)
    int a;
    char *b;
{
    return a;
}

int (*chooser(int which))(int) { return 0; }
const char *const *names(void) { return 0; }
unsigned long long (hash)(const char *text) { return 0; }

API_EXPORT int exported(void) { return 1; }
int POOL_CALL with_convention(int x) { return x; }
__attribute__((noreturn)) void stop(void) { for (;;) {} }

#ifdef _WIN32
int platform(void) { return 1; }
#else
int platform(void) { return 2; }
#endif

DECLARE_THING(pool)
int after_macro(void) { return 3; }

int main(int argc, char **argv)
{
    if (argc > 1) { return MAX(1, 2); }
    return 0;
}

/* The macro brings the parentheses. */
static int blanks(const char *text)
{
    while IS_BLANK(*text)
        text++;
    return 0;
}

static void LIB_FORMAT(1, 2)
logged(const char *format, ...)
{
}

LIB_DEPRECATED(
    "use open_pool (twice)")
LIB_EXPORT
/* An obsolete function. */
int obsolete(void) { return 0; }

/* One body for two heads. */
#ifdef SINGLE_PRECISION
float torn(float a) // the first counts
#else
double torn(double a)
#endif
{
    if (a
#ifdef STRICT
        > 1
#endif
    ) {
        return a;
    }
#ifdef RETRY
    else if ((a) && (torn)) {
        return 2;
    }
#endif
    return 0;
}

#define SEVERAL(a, \
                b /* the second */) \
    do { \
        a; /* first */ \
        b; \
    } while (0)

int declared(int only);
