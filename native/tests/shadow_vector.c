/* One vector on libfvm_shadow; its own results are not checked. */
#include "check.h"

void run(void)
{
    struct vector *vector = vector_read(vectors, ONLY_VECTOR);
    host_reset(vector);
    InnerFvmMachine_t *machine = machine_of(vector, false);
    expect_vector(machine, vector, ONLY_VECTOR);
    drop_fvm_machine(machine);
    vector_free(vector);
}
