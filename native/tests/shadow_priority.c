/* libfvm_shadow: how the follower's threads give way to the host's: their priority, and their processors. */
#define _GNU_SOURCE
#include "shadow_check.h"

#include <dirent.h>
#include <sched.h>
#include <sys/resource.h>

/* The thread of this process with that name; 0 if there is none. */
static int thread_named(char const *wanted)
{
    DIR *tasks = opendir("/proc/self/task");
    struct dirent *task;
    int found = 0;
    while (tasks != NULL && (task = readdir(tasks)) != NULL) {
        char path[300], name[40] = "";
        snprintf(path, sizeof path, "/proc/self/task/%s/comm", task->d_name);
        FILE *file = fopen(path, "r");
        if (file != NULL) {
            found = fgets(name, sizeof name, file) != NULL && strcmp(strtok(name, "\n"), wanted) == 0 ? atoi(task->d_name) : found;
            fclose(file);
        }
    }
    if (tasks != NULL) {
        closedir(tasks);
    }
    return found;
}

static int processors_of(int thread)
{
    cpu_set_t set;
    return sched_getaffinity(thread, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
}

static char const *most;

static void leave_processors(void)
{
    use("FVM_SHADOW_WAIT", "30");
    use("FVM_SHADOW_CPUS", most);
    int had = processors_of(0), wanted = atoi(most) > 0 ? atoi(most) : had / 2;
    run_vector("counter", false);
    int thread = thread_named("fvm-shadow"), uses = processors_of(thread);
    CHECK(uses == (had == 1 || wanted > had ? had : wanted), "of %d processors the follower uses %d with '%s'", had, uses, most);
    cpu_set_t host, follower;
    CHECK(sched_getaffinity(0, sizeof host, &host) == 0 && CPU_COUNT(&host) == had, "the host has %d processors left", CPU_COUNT(&host));
    CHECK(sched_getaffinity(thread, sizeof follower, &follower) == 0, "no thread %d", thread);
    CPU_OR(&follower, &follower, &host);
    CHECK(CPU_EQUAL(&follower, &host), "the follower uses processors that the host may not");
}

static void leave_processors_of_few(void)
{
    /* A host that may use the last processor only. */
    cpu_set_t set, last;
    CHECK(sched_getaffinity(0, sizeof set, &set) == 0, "no processors");
    CPU_ZERO(&last);
    for (int i = 0; i < CPU_SETSIZE; i++) {
        if (CPU_ISSET(i, &set)) {
            CPU_ZERO(&last);
            CPU_SET(i, &last);
        }
    }
    CHECK(sched_setaffinity(0, sizeof last, &last) == 0, "no last processor");
    leave_processors();
}

static char const *priority;

static void give_way(void)
{
    (void)!nice(strcmp(priority, "7") == 0 ? 9 : 0); /* a host of a lower priority itself */
    use("FVM_SHADOW_WAIT", "30");
    use("FVM_SHADOW_NICE", priority);
    bool idle = strcmp(priority, "idle") == 0, number = strspn(priority, "0123456789") == strlen(priority);
    int host_policy = sched_getscheduler(0), host_nice = getpriority(PRIO_PROCESS, 0);
    run_vector("counter", false);
    int thread = thread_named("fvm-shadow"), policy = sched_getscheduler(thread);
    CHECK(thread > 0 && policy == (idle ? SCHED_IDLE : host_policy), "thread %d has policy %d", thread, policy);
    int nice_ = getpriority(PRIO_PROCESS, (id_t)thread), least = number ? atoi(priority) : idle ? 0 : 10;
    CHECK(nice_ == (least > host_nice ? least : host_nice), "nice value %d of a host with %d", nice_, host_nice);
    CHECK(sched_getscheduler(0) == host_policy && getpriority(PRIO_PROCESS, 0) == host_nice, "the host's thread gives way, too");
}

void run(void)
{
    make_folder();
    for (char const *const *one = (char const *const[]){"idle", "7", "12", "lazy", NULL}; *one != NULL; one++) {
        priority = *one;
        expect_child(give_way, priority);
    }
    for (char const *const *one = (char const *const[]){"", "1", "1000", "none", NULL}; *one != NULL; one++) {
        most = *one;
        expect_child(leave_processors, most);
    }
    most = "";
    expect_child(leave_processors_of_few, "a host with one processor");
}
