/* Counters, and their file in Prometheus's text form. */
#define _GNU_SOURCE
#include "shadow.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

atomic_long shadow_counters[COUNTERS];
atomic_long shadow_waiting, shadow_held;

/* One row per counter: metric, label, help (for the first of a metric). */
static struct { char const *name, *label, *help; } const rows[COUNTERS] = {
    [MACHINES] = {"machines_total", "", "Machines made by the host."},
    [MACHINES_SAMPLED] = {"machines_sampled_total", "", "Machines chosen for the follower."},
    [MACHINES_COMPARED] = {"machines_compared_total", "", "Machines compared from creation to end."},
    [MESSAGES] = {"messages_total", "", "Messages executed by the leader."},
    [MESSAGES_COMPARED] = {"messages_compared_total", "", "Messages whose results were compared."},
    [MESSAGES_BEHIND] = {"messages_behind_total", "", "Messages of machines that were left behind, from then on."},
    [FLUSHES_COMPARED] = {"flushes_compared_total", "", "State roots compared."},
    [DIFFERENCES] = {"differences_total", "", "Machines with a difference between leader and follower."},
    [BEHIND_QUEUE] = {"behind_total", "{reason=\"queue\"}", "Machines left behind: no longer compared."},
    [BEHIND_MEMORY] = {"behind_total", "{reason=\"memory\"}", NULL},
    [BEHIND_TIMEOUT] = {"behind_total", "{reason=\"timeout\"}", NULL},
    [BEHIND_BLOCK] = {"behind_total", "{reason=\"block\"}", NULL},
    [BEHIND_HOST] = {"behind_total", "{reason=\"host\"}", NULL},
    [BEHIND_CONCURRENT] = {"behind_total", "{reason=\"concurrent\"}", NULL},
    [BEHIND_FOLLOWER] = {"behind_total", "{reason=\"follower\"}", NULL},
    [FOLLOWER_ABORTS] = {"follower_aborts_total", "", "Attempts of the follower to end the process."},
    [FOLLOWER_ALLOCATIONS_REFUSED] = {"follower_allocations_refused_total", "", "Allocations of the follower beyond its limit."},
    [FOLLOWER_STARTS] = {"follower_starts_total", "", "Processes of the follower that were started."},
    [FOLLOWER_DEATHS] = {"follower_deaths_total", "", "Processes of the follower that ended, or were killed."},
    [TRACES_ABSENT] = {"traces_absent_total", "", "Messages with a trace from one library only."},
    [HOST_ASKED] = {"host_asked_total", "", "Requests of the host for the follower alone."},
    [AHEAD_BLOCKS] = {"ahead_blocks_total", "", "Blocks read ahead from the host: the code of builtin actors."},
    [AHEAD_MILLISECONDS] = {"ahead_milliseconds_total", "", "Time of the host's creations of machines for that."},
    [VECTORS] = {"vectors_total", "", "Vectors written."},
    [VECTORS_LOST] = {"vectors_lost_total", "", "Vectors not written: limits, or an error."},
    [LEADER_MICROSECONDS] = {"leader_microseconds_total", "", "Time of the leader's calls."},
    [FOLLOWER_MICROSECONDS] = {"follower_microseconds_total", "", "Time of the follower's calls."},
};

void shadow_count(enum counter counter) { atomic_fetch_add_explicit(&shadow_counters[counter], 1, memory_order_relaxed); }

void shadow_write_metrics(void)
{
    static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
    char const *path = shadow_settings.metrics;
    if (path == NULL || atomic_load(&shadow_forked)) {
        return;
    }
    char draft[PATH_MAX];
    if (snprintf(draft, sizeof draft, "%s.%ld.tmp", path, (long)getpid()) >= (int)sizeof draft) {
        return;
    }
    pthread_mutex_lock(&gate);
    FILE *file = fopen(draft, "we");
    if (file != NULL) {
        for (int i = 0; i < COUNTERS; i++) {
            if (rows[i].help != NULL) {
                fprintf(file, "# HELP fvm_shadow_%s %s\n# TYPE fvm_shadow_%s counter\n", rows[i].name, rows[i].help, rows[i].name);
            }
            fprintf(file, "fvm_shadow_%s%s %ld\n", rows[i].name, rows[i].label, atomic_load(&shadow_counters[i]));
        }
        fprintf(file, "# HELP fvm_shadow_waiting_calls Calls that wait for the follower.\n# TYPE fvm_shadow_waiting_calls gauge\n"
            "fvm_shadow_waiting_calls %ld\n", atomic_load(&shadow_waiting));
        fprintf(file, "# HELP fvm_shadow_held_bytes Blocks and results held for the follower.\n# TYPE fvm_shadow_held_bytes gauge\n"
            "fvm_shadow_held_bytes %ld\n", atomic_load(&shadow_held));
        fprintf(file, "# HELP fvm_shadow_follower_up Whether the follower is in use.\n# TYPE fvm_shadow_follower_up gauge\n"
            "fvm_shadow_follower_up %d\n", shadow_follower.create != NULL && !atomic_load(&shadow_follower_lost));
        bool written = ferror(file) == 0;
        written &= fclose(file) == 0;
        if (!written || rename(draft, path) != 0) {
            unlink(draft);
        }
    }
    static bool told;
    if (file == NULL && !told) {
        told = true;
        shadow_log("cannot write FVM_SHADOW_METRICS=%s: %m", path);
    }
    pthread_mutex_unlock(&gate);
}
