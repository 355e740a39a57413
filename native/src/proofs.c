/* Finds filecoin-ffi's proof functions. The references are weak: where neither
 * the program nor a library loaded before ours has them, they are NULL. They
 * are found also where the linker put them into the program itself, which the
 * loader would not tell. */
#include <stddef.h>

#define WEAK __attribute__((weak, visibility("default")))

extern WEAK void verify_seal(void);
extern WEAK void verify_aggregate_seal_proof(void);
extern WEAK void verify_window_post(void);
extern WEAK void verify_empty_sector_update_proof(void);
extern WEAK void destroy_verify_seal_response(void);

/* The order is that of ProofFunctions.cs. */
__attribute__((visibility("hidden"))) void *fvm_shim_proof(int index)
{
    switch (index) {
    case 0: return (void *)verify_seal;
    case 1: return (void *)verify_aggregate_seal_proof;
    case 2: return (void *)verify_window_post;
    case 3: return (void *)verify_empty_sector_update_proof;
    case 4: return (void *)destroy_verify_seal_response;
    default: return NULL;
    }
}
