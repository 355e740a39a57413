/* How the follower's threads give way to the host's. Used by the library and by
 * the follower's process. */
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
