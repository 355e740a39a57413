/* The follower's process, the program fvm-shadow-follower: its start, and its
 * end. One that ends, hangs, grows or sends anything but answers is killed, and
 * another one started with a later machine. */
#define _GNU_SOURCE
#include "wire.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_PAUSE_MS = 60000, HEALTHY_MS = 600000 };

pthread_mutex_t process_calls = PTHREAD_MUTEX_INITIALIZER;
int process_file = -1;
uint64_t process_generation;

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER; /* of id and reason, for those who kill it */

static struct {
    pid_t id;             /* 0 without one */
    char const *reason;   /* why it was killed */
    int64_t since, next;  /* when it was started, and when the next one may be */
    long deaths;          /* in a row */
    char version[100];    /* of the library in it */
} process;

static bool kill_process(char const *reason)
{
    pthread_mutex_lock(&gate);
    /* Not collected before its number is cleared, so that the number cannot be another's. */
    bool killed = process.id > 0 && process.reason == NULL && kill(process.id, SIGKILL) == 0;
    if (killed) {
        process.reason = reason;
    }
    pthread_mutex_unlock(&gate);
    return killed;
}

/* Collects exactly this child; a host that collects all children may have been faster. */
static void collect(char *how, size_t room)
{
    int status = 0;
    siginfo_t info;
    while (waitid(P_PID, (id_t)process.id, &info, WEXITED | WNOWAIT) < 0 && errno == EINTR) {
    }
    pthread_mutex_lock(&gate);
    pid_t got = waitpid(process.id, &status, WNOHANG);
    char const *reason = process.reason;
    process.id = 0;
    process.reason = NULL;
    pthread_mutex_unlock(&gate);
    if (reason != NULL) {
        snprintf(how, room, "was killed: %s", reason);
    } else if (got > 0 && WIFSIGNALED(status)) {
        snprintf(how, room, "ended by signal %d", WTERMSIG(status));
    } else {
        snprintf(how, room, "ended with exit code %d", got > 0 ? WEXITSTATUS(status) : -1);
    }
}

static bool has_ended(void)
{
    siginfo_t info = {0};
    return waitid(P_PID, (id_t)process.id, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid != 0;
}

/* The end of a process, with `process_calls` held. One that has closed its socket or sent garbage may still run. */
void process_end(char const *otherwise)
{
    char how[160];
    bool ended = false;
    /* It may be about to end by itself, which tells more than that its socket is closed. */
    for (int i = 0; i < 100 && otherwise == NULL && !ended; i++) {
        ended = has_ended();
        usleep(ended ? 0 : 1000);
    }
    if (!ended) {
        (void)kill_process(otherwise != NULL ? otherwise : "it closed its connection");
    }
    close(process_file);
    process_file = -1;
    pid_t id = process.id;
    collect(how, sizeof how);
    int64_t now = shadow_now_ms();
    process.deaths = now - process.since > HEALTHY_MS ? 1 : process.deaths + 1;
    int64_t pause_ = (int64_t)RESTART_MS << (process.deaths < 7 ? process.deaths - 1 : 6);
    process.next = now + (pause_ < MOST_PAUSE_MS ? pause_ : MOST_PAUSE_MS);
    bool told = atomic_load(&shadow_follower_lost), last = process.deaths > shadow_settings.restarts;
    if (last) {
        atomic_store(&shadow_follower_lost, true);
    }
    shadow_count(FOLLOWER_DEATHS);
    if (told) {
        return;
    }
    if (last) {
        shadow_log("the follower's process %ld %s: it is not used any more, the leader goes on alone", (long)id, how);
    } else {
        shadow_log("the follower's process %ld %s; another one may start in %.1f s", (long)id, how, (double)(process.next - now) / 1000);
    }
}

static bool start_process(int theirs)
{
    extern char **environ;
    char nice_[24], *arguments[] = {(char *)shadow_settings.program, (char *)shadow_settings.follower, nice_,
        proofs_found() ? "proofs" : "no-proofs", pause_file >= 0 ? "pauses" : "no-pauses", NULL};
    snprintf(nice_, sizeof nice_, "%ld", shadow_settings.nice);
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, theirs, WIRE_FD);
    if (pause_file >= 0) {
        posix_spawn_file_actions_adddup2(&files, pause_file, PAUSE_FD);
    }
    /* The host's signal mask and ignored signals are not the process's; nor are the terminal's signals. */
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    pid_t id = 0;
    /* No fork: no handlers of the host's libraries run, and no memory is copied. */
    int code = posix_spawn(&id, shadow_settings.program, &files, &attributes, arguments, environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    if (code != 0) {
        shadow_log("cannot start %s: %s", shadow_settings.program, strerror(code));
        return false;
    }
    pthread_mutex_lock(&gate);
    process.id = id;
    process.reason = NULL;
    pthread_mutex_unlock(&gate);
    process.since = shadow_now_ms();
    process_generation++;
    shadow_count(FOLLOWER_STARTS);
    return true;
}

/* The first frame: the library is loaded, or why not. */
static bool welcome(enum wire_kind kind, struct wire *wire)
{
    slice_ref_uint8_t text = wire_take_bytes(wire);
    if (kind == WIRE_READY && !wire->failed) {
        snprintf(process.version, sizeof process.version, "%.*s", (int)text.len, text.ptr);
        return true;
    }
    if (kind == WIRE_REFUSED && !atomic_exchange(&shadow_follower_lost, true)) {
        shadow_log("the follower cannot be used, the leader goes on alone: %.*s", (int)text.len, text.ptr);
    }
    (void)kill_process("it does not begin as it should");
    return false;
}

bool process_ready(void)
{
    int pair[2];
    if (process_file >= 0) {
        return true;
    }
    if (shadow_now_ms() < process.next || atomic_load(&shadow_follower_lost) || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        return false;
    }
    bool started = start_process(pair[1]);
    close(pair[1]);
    if (!started) {
        close(pair[0]);
        process.next = shadow_now_ms() + MOST_PAUSE_MS;
        return false;
    }
    process_file = pair[0];
    enum wire_kind kind;
    struct wire wire = {0};
    bool begun = wire_receive(process_file, &kind, &wire) && welcome(kind, &wire);
    if (!begun) {
        process_end(NULL);
    }
    free(wire.data);
    return begun;
}

char const *process_version(void) { return process.version[0] == 0 ? "unknown" : process.version; }

bool shadow_interrupt_process(void) { return kill_process("it took longer than FVM_SHADOW_TIMEOUT for a call"); }

void shadow_stop_process(void) { (void)kill_process("the host ends"); }

/* A forked child of the host must not hold the connection of its parent's follower, which ends with it. */
void shadow_forget_process(void)
{
    if (process_file >= 0) {
        close(process_file);
    }
}

/* Resident memory in bytes; 0 if it cannot be told. */
static size_t resident(pid_t id)
{
    char path[40], text[100] = "";
    snprintf(path, sizeof path, "/proc/%ld/statm", (long)id);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return 0;
    }
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    unsigned long pages = 0;
    return length > 0 && sscanf(text, "%*u %lu", &pages) == 1 ? pages * (size_t)sysconf(_SC_PAGESIZE) : 0;
}

void shadow_watch_process(void)
{
    pthread_mutex_lock(&gate);
    pid_t id = process.reason == NULL ? process.id : 0;
    pthread_mutex_unlock(&gate);
    if (id > 0 && resident(id) > shadow_settings.follower_memory) {
        (void)kill_process("its memory exceeds FVM_SHADOW_FOLLOWER_MEMORY");
    }
    /* During a call the end of the connection tells; between calls nobody reads it. */
    if (pthread_mutex_trylock(&process_calls) == 0) {
        if (process_file >= 0 && has_ended()) {
            process_end(NULL);
        }
        pthread_mutex_unlock(&process_calls);
    }
}
