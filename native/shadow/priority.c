/* How the follower's threads give way to the host's: their priority, and their
 * processors. Used by the library and by the follower's process. */
#define _GNU_SOURCE
#include "shadow.h"

#include <sched.h>
#include <sys/resource.h>

void shadow_give_way(long nice)
{
    /* Of this thread, and those that it starts later: Linux has a nice value and a policy per thread. */
    struct sched_param const none = {0};
    if (nice == NICE_IDLE && sched_setscheduler(0, SCHED_IDLE, &none) == 0) {
        return;
    }
    int lowest = nice < NICE_IDLE ? (int)nice : NICE_IDLE - 1;
    /* A host may have a lower priority itself, and its follower never a higher one. */
    if (getpriority(PRIO_PROCESS, 0) < lowest) {
        (void)setpriority(PRIO_PROCESS, 0, lowest);
    }
}

void shadow_leave_processors(long most)
{
    /* Those of this thread, which a host may have limited itself. With more than cpu_set_t has (1,024) there is no need to leave one. */
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) {
        return;
    }
    int had = CPU_COUNT(&set), keep = most > 0 && most < had ? (int)most : most > 0 || had < 2 ? had : had / 2;
    for (int processor = 0; processor < CPU_SETSIZE && CPU_COUNT(&set) > keep; processor++) {
        CPU_CLR(processor, &set);
    }
    if (keep < had) {
        (void)sched_setaffinity(0, sizeof set, &set);
    }
}
