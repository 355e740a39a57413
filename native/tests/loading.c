/* A process that loads the library late, and asks to unload it. */
#include "check.h"

#include <dlfcn.h>

void run(void)
{
    struct vector *vector = vector_read(vectors, "transfers");
    host_reset(vector);
    InnerFvmMachine_t *machine = machine_of(vector, false);
    /* A second handle of the same library, closed at once: the machine survives. */
    void *again = dlopen("libfvm.so", RTLD_NOW | RTLD_NOLOAD);
    if (again != NULL) {
        dlclose(again);
        dlclose(again);
    }
    expect_vector(machine, vector, "after dlclose");
    drop_fvm_machine(machine);
    vector_free(vector);
}
