/* Checks, and shorthands for calls, shared by the test programs. */
#ifndef FVM_TESTS_CHECK_H
#define FVM_TESTS_CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"

extern int check_failures;

#define CHECK(condition, ...)                                        \
    do {                                                             \
        if (!(condition)) {                                          \
            check_failures++;                                        \
            fprintf(stderr, "%s:%d: ", __FILE__, __LINE__);          \
            fprintf(stderr, __VA_ARGS__);                            \
            fputc('\n', stderr);                                     \
        }                                                            \
    } while (0)

/** The folder of the vectors: the first argument of the program. */
extern char const *vectors;

/** The main function of each program. */
void run(void);

/** Runs a function in a child process, for a minute at most: 0 if its checks passed; otherwise its exit code, or 1000 plus its signal. */
int in_child(void (*body)(void));

slice_ref_uint8_t lend(struct bytes bytes);

/** The response of create_fvm_machine for a vector, or of create_fvm_debug_machine if the vector requires it. */
Result_InnerFvmMachine_ptr_t *create(struct vector const *vector, bool tracing);

/** The machine of a vector; exits if creation fails. */
InnerFvmMachine_t *machine_of(struct vector const *vector, bool tracing);

Result_FvmMachineExecuteResponse_t *execute(InnerFvmMachine_t const *machine, struct vector_message const *message);

/** Applies all messages and flushes; checks receipts and the state root. */
void expect_vector(InnerFvmMachine_t const *machine, struct vector const *vector, char const *when);

/** Checks that a response is an error with a text. */
void expect_error(FCPResponseStatus_t status, slice_boxed_uint8_t text, char const *part, char const *when);

bool same(slice_boxed_uint8_t slice, struct bytes bytes);

#endif
