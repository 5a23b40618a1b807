/* Makes the disk fail, for tests: preloaded, it stands before the C library's calls on files below one folder.
 * Armed with a fault, it lets some calls pass and then fails: so many of them, or for good.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { NONE, COUNT, FULL, BROKEN_WRITE, BROKEN_READ, NO_DESCRIPTORS, TORN };

static int fault = NONE;
static long passing, failing, seen;
static char folder[4096];

void arm(int kind, long after, long calls, const char *below) {
  snprintf(folder, sizeof folder, "%s/", below);
  passing = after;
  failing = calls;
  seen = 0;
  fault = kind;
}

long calls_seen(void) { return seen; }

static int is_ours(int descriptor) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return strncmp(path, folder, strlen(folder)) == 0;
}

static int is_due(void) {
  seen++;
  if (fault == COUNT || passing-- > 0) return 0;
  return failing-- > 0;
}

/* 1 where a call on a file that would change it is to fail, with errno set. */
static int fails(int descriptor) {
  if (fault == NONE || fault == BROKEN_READ || fault == NO_DESCRIPTORS || !is_ours(descriptor) || !is_due()) return 0;
  errno = fault == FULL ? ENOSPC : EIO;
  return 1;
}

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
  REAL(pwrite64);
  if (!fails(descriptor)) return real(descriptor, bytes, count, offset);
  if (fault == TORN) { real(descriptor, bytes, count / 2, offset); _exit(9); }
  return -1;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
  return pwrite64(descriptor, bytes, count, offset);
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
  REAL(write);
  if (!fails(descriptor)) return real(descriptor, bytes, count);
  if (fault == TORN) { real(descriptor, bytes, count / 2); _exit(9); }
  return -1;
}

int fsync(int descriptor) {
  REAL(fsync);
  return fails(descriptor) ? fault == TORN ? (_exit(9), 0) : -1 : real(descriptor);
}

int fdatasync(int descriptor) {
  REAL(fdatasync);
  return fails(descriptor) ? fault == TORN ? (_exit(9), 0) : -1 : real(descriptor);
}

int ftruncate64(int descriptor, off64_t size) {
  REAL(ftruncate64);
  return fails(descriptor) ? fault == TORN ? (_exit(9), 0) : -1 : real(descriptor, size);
}

static int cannot_read(int descriptor) {
  if (fault != BROKEN_READ || !is_ours(descriptor) || !is_due()) return 0;
  errno = EIO;
  return 1;
}

ssize_t pread64(int descriptor, void *bytes, size_t count, off64_t offset) {
  REAL(pread64);
  return cannot_read(descriptor) ? -1 : real(descriptor, bytes, count, offset);
}

ssize_t read(int descriptor, void *bytes, size_t count) {
  REAL(read);
  return cannot_read(descriptor) ? -1 : real(descriptor, bytes, count);
}

int open64(const char *path, int flags, ...) {
  REAL(open64);
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  if (fault == NO_DESCRIPTORS && strncmp(path, folder, strlen(folder)) == 0 && is_due()) {
    errno = EMFILE;
    return -1;
  }
  return real(path, flags, mode);
}
