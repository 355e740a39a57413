/* Processes with and without proof verification functions, and FVM_PROOFS. */
#define _GNU_SOURCE
#include "check.h"

#include <dlfcn.h>

static struct vector *vector;
static char const *setting;

static void must_be_refused(void)
{
    setting == NULL ? unsetenv("FVM_PROOFS") : setenv("FVM_PROOFS", setting, 1);
    static char const *const parts[] = {"verify_seal", "verify_window_post", "verify_aggregate_seal_proof",
        "verify_empty_sector_update_proof", "FVM_PROOFS=optional"};
    for (int debugging = 0; debugging < 2; debugging++) {
        vector->debugging = debugging;
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
            Result_InnerFvmMachine_ptr_t *response = create(vector, false);
            expect_error(response->status_code, response->error_msg, parts[i], "a process that cannot verify proofs");
            CHECK(response->value == NULL, "a process that cannot verify proofs has a machine");
            destroy_create_fvm_machine_response(response);
        }
    }
}

static void must_work(void)
{
    setting == NULL ? unsetenv("FVM_PROOFS") : setenv("FVM_PROOFS", setting, 1);
    InnerFvmMachine_t *machine = machine_of(vector, false);
    expect_vector(machine, vector, "a process that may make machines");
    drop_fvm_machine(machine);
}

void run(void)
{
    vector = vector_read(vectors, "transfers");
    host_reset(vector);
    bool has_proofs = dlsym(RTLD_DEFAULT, "verify_seal") != NULL;
    static char const *const settings[] = {NULL, "", "required", "Optional", "no"};
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        setting = settings[i];
        CHECK(in_child(has_proofs ? must_work : must_be_refused) == 0, "FVM_PROOFS=%s", setting == NULL ? "(not set)" : setting);
    }
    setting = "optional";
    CHECK(in_child(must_work) == 0, "FVM_PROOFS=optional");
    vector_free(vector);
}
