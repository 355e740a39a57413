/* The last arguments of libproofs_record.so, for tests. */
#ifndef FVM_PROOFS_RECORD_H
#define FVM_PROOFS_RECORD_H

#include <stdint.h>

/** Sets the result of later calls: 1 valid, 0 invalid, -1 an error. */
void record_answer(int32_t answer);

/** The number of calls, the maximum number of concurrent calls, and the number of unfreed responses. */
int32_t record_calls(void);
int32_t record_most_at_once(void);
int32_t record_leaks(void);

/** The last call as text: the function, then its arguments, bytes in hexadecimal. */
char const *record_last(void);

void record_reset(void);

#endif
