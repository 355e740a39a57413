/* libfvm_shadow: a follower in a process of its own waits while a thread of the host is within a call of the leader (FVM_SHADOW_PAUSE), but not
 * for longer than it works, and not where it is waited for. Environment as for shadow_process.c. */
#define _GNU_SOURCE
#include "shadow_check.h"

#include <sched.h>
#include <stdatomic.h>

enum { UNTIL_IT_WORKS_MS = 200 };

static char report[300];
static long hold_ms;
static atomic_bool held;

/* The host takes its time over a block that the leader wants. */
static void hold(enum host_function function)
{
    if (function == HOST_GET && !atomic_exchange(&held, true)) {
        usleep((useconds_t)hold_ms * 1000);
    }
}

/* Waits for the follower's report. */
static void read_report(long numbers[2])
{
    char *text = NULL;
    for (int i = 0; i < 400 && text == NULL; i++) {
        usleep(50000);
        text = read_file(report);
    }
    CHECK(text != NULL && sscanf(text, "%ld %ld", &numbers[0], &numbers[1]) == 2, "no report of the follower");
    free(text);
}

static void begin(char const *mode, long pause_ms)
{
    static char number[30];
    snprintf(number, sizeof number, "%ld", pause_ms);
    snprintf(report, sizeof report, "%s/report", folder);
    unlink(report);
    use_bad_follower(mode);
    use("FVM_TEST_REPORT", report);
    use("FVM_SHADOW_PAUSE", number);
    use("FVM_SHADOW_NICE", "0"); /* what else runs on the machine is not measured here */
    use("FVM_BLOCK_CACHE_MIB", "0");
}

/* The follower works for work_ms; meanwhile the host is within a call for call_ms.
 * @param still  milliseconds for which the work stood still at most, and in all */
static void work_beside(long pause_ms, long work_ms, long call_ms, long still[2])
{
    static char number[30];
    begin("work", pause_ms);
    snprintf(number, sizeof number, "%ld", work_ms);
    use("FVM_TEST_WORK", number);
    struct vector *vector = vector_read(vectors, "counter");
    host_reset(vector);
    InnerFvmMachine_t *machine = machine_of(vector, false);
    destroy_fvm_machine_execute_response(execute(machine, &vector->messages[0]));
    METRIC("follower_starts_total", 1);
    usleep(UNTIL_IT_WORKS_MS * 1000);
    hold_ms = call_ms;
    host_hook = hold;
    InnerFvmMachine_t *other = machine_of(vector, false);
    host_hook = NULL;
    CHECK(atomic_load(&held), "the leader asked for no block");
    read_report(still);
    drop_fvm_machine(other);
    drop_fvm_machine(machine);
    METRIC("follower_deaths_total", 0);
    vector_free(vector);
}

static void pauses(void)
{
    long still[2];
    work_beside(1, 1500, 500, still);
    CHECK(still[0] >= 400 && still[0] < 900, "beside a call of 500 ms the follower stood still for %ld ms", still[0]);
}

static void pauses_not(void)
{
    long still[2];
    work_beside(0, 1500, 500, still);
    CHECK(still[0] < 300, "without pauses the follower stood still for %ld ms", still[0]);
}

/* For a second at once, and after that for half of the time: the follower's work must come to its end. */
static void works_on(void)
{
    long still[2];
    work_beside(1, 4000, 3500, still);
    CHECK(still[0] >= 800 && still[0] < 1600, "beside a call without end the follower stood still for %ld ms at once", still[0]);
    CHECK(still[1] >= 1200 && still[1] < 3200, "beside a call without end the follower stood still for %ld ms of 3500", still[1]);
}

/* After a call it waits for as long as the setting says, but not if it is waited for. */
static void waits_on(char const *seconds, long least, long most)
{
    long still[2] = {0};
    begin("work", 600);
    use("FVM_TEST_WORK", "1500");
    use("FVM_SHADOW_WAIT", seconds);
    struct vector *vector = vector_read(vectors, "counter");
    host_reset(vector);
    InnerFvmMachine_t *machine = machine_of(vector, false);
    destroy_fvm_machine_execute_response(execute(machine, &vector->messages[0]));
    METRIC("follower_starts_total", 1);
    usleep(UNTIL_IT_WORKS_MS * 1000 + (least > 0 ? 600000 : 0));
    destroy_fvm_machine_flush_response(fvm_machine_flush(machine));
    read_report(still);
    CHECK(still[1] >= least && still[1] <= most, "the follower stood still for %ld ms after a flush, wait %s", still[1], seconds);
    drop_fvm_machine(machine);
    vector_free(vector);
}

static void waits_after_call(void) { waits_on("0", 400, 1000); }
static void is_waited_for(void) { waits_on("30", 0, 300); }

/* What a follower can do about its page: nothing. */
static void keep_page(void)
{
    long found[2] = {0};
    begin("page", 1);
    use("FVM_SHADOW_WAIT", "30");
    run_vector("counter", false);
    read_report(found);
    CHECK(found[0] == 2 && found[1] == 0, "of 2 places with the page %ld were found, in %ld ways it can be changed", found[0], found[1]);
}

/* Where there are processors enough nothing is held up, unless the operator says so. */
static void by_default(void)
{
    cpu_set_t set;
    CHECK(sched_getaffinity(0, sizeof set, &set) == 0, "no processors");
    begin("page", 1);
    unsetenv("FVM_SHADOW_PAUSE");
    use("FVM_SHADOW_WAIT", "30");
    run_vector("counter", false);
    long found[2] = {0};
    read_report(found);
    CHECK(found[0] == (CPU_COUNT(&set) < 4 ? 2 : 0), "with %d processors: %ld", CPU_COUNT(&set), found[0]);
}

void run(void)
{
    make_folder();
    use("FVM_SHADOW_PROCESS", "1");
    expect_child(pauses, "a follower that waits for a call");
    expect_child(pauses_not, "a follower without pauses");
    expect_child(works_on, "a call without end");
    expect_child(waits_after_call, "a follower that waits after a call");
    expect_child(is_waited_for, "a follower that is waited for");
    expect_child(keep_page, "the page");
    expect_child(by_default, "the default");
    unlink(report);
    rmdir(folder);
}
