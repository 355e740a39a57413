/* A debug machine with an actor that leaves artifacts; scripts/test-files injects a fault at each change of the folder. */
#include "check.h"

void run(void)
{
    struct vector *vector = vector_read(vectors, "artifacts");
    host_reset(vector);
    InnerFvmMachine_t *machine = machine_of(vector, false);
    expect_vector(machine, vector, "artifacts");
    drop_fvm_machine(machine);
    vector_free(vector);
}
