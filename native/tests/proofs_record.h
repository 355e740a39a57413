/* What libproofs_record.so was asked last, for tests. */
#ifndef FVM_PROOFS_RECORD_H
#define FVM_PROOFS_RECORD_H

#include <stdint.h>

/** What it answers from now on: 1 yes, 0 no, -1 an error. */
void record_answer(int32_t answer);

/** How many calls there were, how many were under way at once at most, and how many responses are not freed. */
int32_t record_calls(void);
int32_t record_most_at_once(void);
int32_t record_leaks(void);

/** The last call, as text: the function, then its arguments, bytes in hexadecimal. */
char const *record_last(void);

void record_reset(void);

#endif
