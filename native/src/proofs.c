/* Finds filecoin-ffi's proof functions. The references are weak: NULL if
 * neither the program nor a library loaded earlier defines them. Weak
 * references also find functions linked statically into the program, which
 * dlsym does not. */
#include <stddef.h>

#define WEAK __attribute__((weak, visibility("default")))

extern WEAK void verify_seal(void);
extern WEAK void verify_aggregate_seal_proof(void);
extern WEAK void verify_window_post(void);
extern WEAK void verify_empty_sector_update_proof(void);
extern WEAK void destroy_verify_seal_response(void);

/* In the order of ProofFunctions.cs. */
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
