// Fails the n-th change below a folder, or kills the process at it; preloaded (LD_PRELOAD) by scripts/test-files.
// FAULTS_FOLDER: the folder. FAULTS_AT: the number of the change, from 1. FAULTS_HOW: kill; half (half of a write, then kill); or an error
// number to return.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long changes;

static int inside(const char *path) {
  const char *folder = getenv("FAULTS_FOLDER");
  return folder && strncmp(path, folder, strlen(folder)) == 0;
}

static int file_inside(int file) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return inside(path);
}

// Whether this change is the chosen one: does not return if it kills, except for half a write. Otherwise returns the error number.
static int due(int is_write) {
  const char *at = getenv("FAULTS_AT"), *how = getenv("FAULTS_HOW");
  if (!at || !how || atomic_fetch_add(&changes, 1) + 1 != atol(at)) return 0;
  if (is_write && strcmp(how, "half") == 0) return -1;
  if (strcmp(how, "kill") == 0 || strcmp(how, "half") == 0) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
  }
  return atoi(how);
}

static void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define WRITE(call, half)                              \
  int fault = file_inside(file) ? due(1) : 0;          \
  if (fault < 0) { (void)!(half); die(); }             \
  if (fault > 0) { errno = fault; return -1; }         \
  return call;
#define CHANGE(touches, call)                          \
  int fault = (touches) ? due(0) : 0;                  \
  if (fault > 0) { errno = fault; return -1; }         \
  return call;

ssize_t write(int file, const void *bytes, size_t length) {
  WRITE(NEXT(write)(file, bytes, length), NEXT(write)(file, bytes, length / 2))
}
ssize_t pwrite(int file, const void *bytes, size_t length, off_t at) {
  WRITE(NEXT(pwrite)(file, bytes, length, at), NEXT(pwrite)(file, bytes, length / 2, at))
}
ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t at) {
  WRITE(NEXT(pwrite64)(file, bytes, length, at), NEXT(pwrite64)(file, bytes, length / 2, at))
}
ssize_t pwritev(int file, const struct iovec *parts, int count, off_t at) {
  WRITE(NEXT(pwritev)(file, parts, count, at), NEXT(pwritev)(file, parts, count / 2, at))
}
ssize_t pwritev64(int file, const struct iovec *parts, int count, off64_t at) {
  WRITE(NEXT(pwritev64)(file, parts, count, at), NEXT(pwritev64)(file, parts, count / 2, at))
}
int fsync(int file) { CHANGE(file_inside(file), NEXT(fsync)(file)) }
int ftruncate(int file, off_t length) { CHANGE(file_inside(file), NEXT(ftruncate)(file, length)) }
int ftruncate64(int file, off64_t length) { CHANGE(file_inside(file), NEXT(ftruncate64)(file, length)) }
int fchmod(int file, mode_t mode) { CHANGE(file_inside(file), NEXT(fchmod)(file, mode)) }
int mkdir(const char *path, mode_t mode) { CHANGE(inside(path), NEXT(mkdir)(path, mode)) }
int rename(const char *from, const char *to) { CHANGE(inside(to), NEXT(rename)(from, to)) }
int link(const char *from, const char *to) { CHANGE(inside(to), NEXT(link)(from, to)) }
int unlink(const char *path) { CHANGE(inside(path), NEXT(unlink)(path)) }
