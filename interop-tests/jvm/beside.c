/* The native methods of Beside.java: messages by the C interface, with the host in C of native/tests. */
#include "check.h"

#include <jni.h>

static struct vector *failing;

JNIEXPORT void JNICALL Java_Beside_prepare(JNIEnv *env, jclass type, jstring folder)
{
    (void)type;
    vectors = (*env)->GetStringUTFChars(env, folder, NULL);
    failing = vector_read(vectors, "failing");
    host_reset(failing);
}

JNIEXPORT jboolean JNICALL Java_Beside_hasGuardPages(JNIEnv *env, jclass type)
{
    (void)env;
    (void)type;
    static char const part[] = "\"guard_pages\":true";
    Result_slice_boxed_uint8_t *said = fvm_capabilities();
    bool has = memmem(said->value.ptr, said->value.len, part, sizeof part - 1) != NULL;
    destroy_fvm_capabilities_response(said);
    return has;
}

/* Applies the messages of an actor that fails in every way. Returns the number of failed checks of the process so far. */
JNIEXPORT jint JNICALL Java_Beside_fail(JNIEnv *env, jclass type)
{
    (void)env;
    (void)type;
    InnerFvmMachine_t *machine = machine_of(failing, false);
    expect_vector(machine, failing, "beside a JVM");
    drop_fvm_machine(machine);
    return check_failures;
}
