/* libfvm_shadow: the leader's results whatever the follower does, and what is compared, counted and written. The environment names the
 * libraries: FVM_SHADOW_LEADER, FVM_SHADOW_FOLLOWER (as good as the leader), FVM_TEST_BAD_FOLLOWER (shadow_follower.c). */
#define _GNU_SOURCE
#include "shadow_check.h"

#include <dirent.h>
#include <sys/stat.h>

/* The vector in the folder. */
static char *written_vector(void)
{
    DIR *directory = opendir(folder);
    struct dirent *entry;
    char *text = NULL;
    while (directory != NULL && (entry = readdir(directory)) != NULL) {
        if (strstr(entry->d_name, ".json") != NULL) {
            char path[600];
            snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
            free(text);
            text = read_file(path);
        }
    }
    if (directory != NULL) {
        closedir(directory);
    }
    return text;
}

/* ---- Each in a process of its own. */

static void agree(void)
{
    agree_on_examples();
    for (char const *reasons = "queue\0memory\0timeout\0block\0host\0concurrent\0follower\0"; *reasons != 0; reasons += strlen(reasons) + 1) {
        char name[60];
        snprintf(name, sizeof name, "behind_total{reason=\"%s\"}", reasons);
        CHECK(metric(name) == 0, "%s", name);
    }
}

static unsigned long gets_of_transfers(void)
{
    run_vector("transfers", false);
    return host_calls(HOST_GET);
}

static unsigned long gets_alone;

static void ask_alone(void)
{
    use("FVM_BLOCK_CACHE_MIB", "0");
    use("FVM_SHADOW_SAMPLE", "0");
    exit((int)gets_of_transfers());
}

static void ask_once(void)
{
    use("FVM_BLOCK_CACHE_MIB", "0");
    use("FVM_SHADOW_WAIT", "30");
    unsigned long gets = gets_of_transfers();
    METRIC("machines_compared_total", 1);
    unsigned long ahead = (unsigned long)metric("ahead_blocks_total");
    CHECK(gets == gets_alone + ahead, "the host was asked %lu times, %lu for the leader alone, and %lu ahead", gets, gets_alone, ahead);
}

/* The leader has what it wrote in its own cache, and does not ask the host for it; its follower finds it all the same. */
static void read_written(void)
{
    use_bad_follower("root");
    use("FVM_SHADOW_WAIT", "30");
    struct vector *vector = vector_read(vectors, "counter");
    host_reset(vector);
    InnerFvmMachine_t *machine = machine_of(vector, false);
    expect_vector(machine, vector, "the first machine");
    drop_fvm_machine(machine);
    struct bytes before = vector->pre_root;
    vector->pre_root = vector->post_root;
    machine = machine_of(vector, false);
    destroy_fvm_machine_execute_response(execute(machine, &vector->messages[0]));
    drop_fvm_machine(machine);
    METRIC("machines_compared_total", 2);
    METRIC("host_asked_total", 0);
    METRIC("behind_total{reason=\"block\"}", 0);
    vector->pre_root = before;
    vector_free(vector);
}

/* The CID of the system actor's code, out of the list of builtin actors, whose first it is. */
static struct bytes code_of_system(struct vector const *vector)
{
    static char const head[] = "\x82\x66system\xd8\x2a\x58\x27";
    uint8_t *at = memmem(vector->car.data, vector->car.len, head, sizeof head - 1);
    CHECK(at != NULL, "no list of builtin actors");
    return at == NULL ? (struct bytes){NULL, 0} : (struct bytes){at + sizeof head, 38};
}

/* Code that the leader has compiled before, and does not read, is there for the follower, even once the machine is gone. */
static void read_codes(void)
{
    use_bad_follower("code");
    struct vector *vector = vector_read(vectors, "counter");
    host_reset(vector);
    struct bytes cid = code_of_system(vector);
    char digits[80];
    for (size_t i = 0; i < cid.len; i++) {
        snprintf(digits + 2 * i, 3, "%02x", cid.data[i]);
    }
    use("FVM_TEST_CODE", digits);
    host_put(cid, (struct bytes){(uint8_t *)"code", 4});
    for (int i = 0; i < 3; i++) {
        InnerFvmMachine_t *machine = machine_of(vector, false);
        destroy_fvm_machine_execute_response(execute(machine, &vector->messages[0]));
        drop_fvm_machine(machine);
    }
    METRIC("machines_compared_total", 3);
    METRIC("behind_total{reason=\"block\"}", 0);
    METRIC("messages_behind_total", 0);
    METRIC("host_asked_total", 0);
    long ahead = metric("ahead_blocks_total");
    CHECK(ahead > 0 && ahead < 30, "%ld blocks were read ahead for one manifest", ahead);
    vector_free(vector);
}

static char const *planted;

static void plant(void)
{
    bool trace = strcmp(planted, "trace") == 0;
    use("FVM_SHADOW_WAIT", "30");
    use("FVM_SHADOW_OUT", folder);
    use("FVM_SHADOW_PLANT", planted);
    run_vector("events", trace);
    METRIC("differences_total", 1);
    METRIC("vectors_total", 1);
    char *text = written_vector();
    char wanted[80];
    snprintf(wanted, sizeof wanted, "\"field\":\"%s\"", planted);
    CHECK(text != NULL && strstr(text, wanted) != NULL, "the vector does not tell of %s", planted);
    CHECK(text != NULL && strstr(text, "\"follower_results\":{\"apply_rets\":[\n") != NULL, "the vector has no results of the follower");
    free(text);
}

static void no_room(void)
{
    use("FVM_SHADOW_WAIT", "30");
    use("FVM_SHADOW_OUT", folder);
    use("FVM_SHADOW_OUT_FILES", "0");
    use("FVM_SHADOW_PLANT", "gas_used");
    run_vector("events", false);
    METRIC("vectors_lost_total", 1);
    char *text = written_vector();
    CHECK(text == NULL, "a vector beyond the limit");
    free(text);
}

static void hang(void)
{
    use_bad_follower("hang");
    use("FVM_SHADOW_TIMEOUT", "0.2");
    double start = seconds();
    for (int i = 0; i < 6; i++) {
        run_vector("counter", false);
    }
    CHECK(seconds() - start < 10, "a follower that hangs made the leader wait for %.1f s", seconds() - start);
    CHECK(metric_from("behind_total{reason=\"timeout\"}", 4) >= 4, "no call was given up");
    METRIC("follower_up", 0);
    run_vector("counter", false);
}

static void die(char const *mode)
{
    use_bad_follower(mode);
    run_vector("counter", false);
    METRIC("follower_aborts_total", 1);
    METRIC("follower_up", 0);
    run_vector("counter", true);
}

static void follower_aborts(void) { die("abort"); }
static void follower_exits(void) { die("exit"); }

static void follower_allocates(void)
{
    use("FVM_SHADOW_FOLLOWER_MEMORY", "32");
    die("allocate");
    CHECK(metric("follower_allocations_refused_total") > 0, "no allocation was refused");
}

static void follower_fails(void)
{
    use_bad_follower("error");
    use("FVM_SHADOW_WAIT", "30");
    run_vector("counter", false);
    METRIC("differences_total", 1);
}

static void no_follower(void)
{
    use("FVM_SHADOW_FOLLOWER", "/nonexistent.so");
    run_vector("counter", false);
    METRIC("machines_sampled_total", 0);
    METRIC("follower_up", 0);
}

static void no_leader(void)
{
    unsetenv("FVM_SHADOW_LEADER");
    struct vector *vector = vector_read(vectors, "counter");
    host_reset(vector);
    Result_InnerFvmMachine_ptr_t *response = create(vector, false);
    expect_error(response->status_code, response->error_msg, "FVM_SHADOW_LEADER", "no leader");
    destroy_create_fvm_machine_response(response);
    vector_free(vector);
}

static char const *share;

static void sample(void)
{
    use("FVM_SHADOW_SAMPLE", share);
    use("FVM_SHADOW_WAIT", "30");
    struct vector *vector = vector_read(vectors, "counter");
    host_reset(vector);
    for (uint64_t i = 0; i < 400; i++) {
        vector->epoch += i % 2; /* two machines per epoch: both or none */
        drop_fvm_machine(machine_of(vector, false));
    }
    METRIC("machines_total", 400);
    long sampled = metric("machines_sampled_total");
    CHECK(strcmp(share, "0.3") != 0 || (sampled > 60 && sampled < 180), "%ld of 400 machines at 0.3", sampled);
    CHECK(strcmp(share, "0") != 0 || sampled == 0, "%ld machines at 0", sampled);
    CHECK(strcmp(share, "1") != 0 || sampled == 400, "%ld machines at 1", sampled);
    vector_free(vector);
}

static long late_calls;
static bool dropped;

static void note_call(enum host_function function)
{
    (void)function;
    if (dropped) {
        __atomic_fetch_add(&late_calls, 1, __ATOMIC_SEQ_CST);
    }
}

static void drop_early(void)
{
    use_bad_follower("ask");
    for (int i = 0; i < 4; i++) {
        struct vector *vector = vector_read(vectors, "counter");
        host_reset(vector);
        host_hook = note_call;
        dropped = false;
        InnerFvmMachine_t *machine = machine_of(vector, false);
        destroy_fvm_machine_execute_response(execute(machine, &vector->messages[0]));
        drop_fvm_machine(machine);
        dropped = true;
        usleep(i == 3 ? 2000000 : 10000);
        vector_free(vector);
    }
    CHECK(late_calls == 0, "the host was called %ld times after its machine was dropped", late_calls);
    CHECK(metric_from("behind_total{reason=\"block\"}", 1) >= 1, "a follower without its block was compared");
    METRIC("differences_total", 0);
}

/* A collector drops many machines in a row: each drop alone would wait for 50 ms, 30 s in all. */
static void drop_many(void)
{
    use_bad_follower("slow");
    struct vector *vector = vector_read(vectors, "counter");
    host_reset(vector);
    double waited = 0;
    for (int i = 0; i < 600; i++) {
        InnerFvmMachine_t *machine = machine_of(vector, false);
        destroy_fvm_machine_execute_response(execute(machine, &vector->messages[0]));
        double start = seconds();
        drop_fvm_machine(machine);
        waited += seconds() - start;
    }
    vector_free(vector);
    CHECK(waited < 25, "600 drops took %.1f s", waited);
}

static void short_queue(void)
{
    use_bad_follower("slow");
    use("FVM_SHADOW_QUEUE", "3");
    run_vector("transfers", false);
    METRIC("behind_total{reason=\"queue\"}", 1);
    struct vector *vector = vector_read(vectors, "transfers");
    long all = (long)vector->message_count, behind = 0, compared = 0;
    vector_free(vector);
    METRIC("messages_total", all); /* the file may be older than the last message */
    for (int i = 0; i < 200 && behind + compared < all; i++) {
        usleep(50000);
        behind = metric("messages_behind_total");
        compared = metric("messages_compared_total");
    }
    CHECK(behind > 0 && behind + compared == all, "%ld messages behind, %ld compared, of %ld", behind, compared, all);
}

void run(void)
{
    make_folder();
    expect_child(agree, "two that agree");
    gets_alone = (unsigned long)in_child(ask_alone);
    CHECK(gets_alone > 0 && gets_alone < 250, "%lu reads", gets_alone);
    expect_child(read_written, "blocks that the leader wrote");
    expect_child(ask_once, "the host is asked once");
    expect_child(read_codes, "code that the leader does not read");
    static char const *const faults[] = {"exit_code", "return", "gas_used", "miner_tip", "events", "trace", "status", "state_root"};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        planted = faults[i];
        expect_child(plant, planted);
        char command[300];
        snprintf(command, sizeof command, "rm -f %s/*.json", folder);
        CHECK(system(command) == 0, "%s", command);
    }
    expect_child(no_room, "no room for vectors");
    expect_child(hang, "a follower that hangs");
    expect_child(follower_aborts, "a follower that aborts");
    expect_child(follower_exits, "a follower that exits");
    expect_child(follower_allocates, "a follower that allocates without end");
    expect_child(follower_fails, "a follower that fails");
    expect_child(no_follower, "no follower");
    expect_child(no_leader, "no leader");
    for (char const *const *one = (char const *const[]){"0", "0.3", "1", NULL}; *one != NULL; one++) {
        share = *one;
        expect_child(sample, share);
    }
    expect_child(drop_early, "a machine dropped while its follower runs");
    expect_child(drop_many, "many machines dropped in a row");
    expect_child(short_queue, "a queue of three");
    rmdir(folder);
}
