/* Writes secp256k1 inputs for the benchmark, and times libsecp256k1 and libb2.
   usage: peers FOLDER write | peers FOLDER time */
#include <blake2.h>
#include <secp256k1.h>
#include <secp256k1_recovery.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { Cases = 200, Runs = 7 };

static unsigned char hashes[Cases][32], signatures[Cases][65], keys[Cases][65];
static secp256k1_context *context;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}

static void recover(int i) {
    secp256k1_ecdsa_recoverable_signature signature;
    secp256k1_pubkey key;
    unsigned char bytes[65];
    size_t length = sizeof bytes;
    if (!secp256k1_ecdsa_recoverable_signature_parse_compact(context, &signature, signatures[i], signatures[i][64]) ||
        !secp256k1_ecdsa_recover(context, &key, &signature, hashes[i]))
        exit(1);
    secp256k1_ec_pubkey_serialize(context, bytes, &length, &key, SECP256K1_EC_UNCOMPRESSED);
    if (memcmp(bytes, keys[i], sizeof bytes))
        exit(1);
}

static void print_hex(FILE *file, const unsigned char *bytes, size_t length, char end) {
    for (size_t i = 0; i < length; i++)
        fprintf(file, "%02x", bytes[i]);
    fputc(end, file);
}

static void read_hex(FILE *file, unsigned char *bytes, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (fscanf(file, "%2hhx", &bytes[i]) != 1)
            exit(1);
}

static void write_cases(FILE *file, FILE *random) {
    for (int i = 0; i < Cases; i++) {
        unsigned char secret[32];
        secp256k1_ecdsa_recoverable_signature signature;
        secp256k1_pubkey key;
        size_t length = 65;
        int id;
        if (fread(secret, 32, 1, random) != 1 || fread(hashes[i], 32, 1, random) != 1)
            exit(1);
        if (!secp256k1_ec_pubkey_create(context, &key, secret))
            continue;
        secp256k1_ecdsa_sign_recoverable(context, &signature, hashes[i], secret, NULL, NULL);
        secp256k1_ecdsa_recoverable_signature_serialize_compact(context, signatures[i], &id, &signature);
        signatures[i][64] = (unsigned char)id;
        secp256k1_ec_pubkey_serialize(context, keys[i], &length, &key, SECP256K1_EC_UNCOMPRESSED);
        print_hex(file, hashes[i], 32, ' ');
        print_hex(file, signatures[i], 65, ' ');
        print_hex(file, keys[i], 65, '\n');
    }
}

static void time_hash(size_t size) {
    unsigned char digest[32], *data = calloc(size, 1);
    long count = 200000000 / (long)size;
    double best = 1e18;
    for (int run = 0; run < Runs; run++) {
        double start = now();
        for (long i = 0; i < count; i++)
            blake2b(digest, data, NULL, 32, size, 0);
        double each = (now() - start) / count;
        best = each < best ? each : best;
    }
    printf("blake2b-%zu %.0f\n", size, best);
    free(data);
}

int main(int argc, char **argv) {
    char path[4096];
    if (argc != 3)
        return 2;
    snprintf(path, sizeof path, "%s/secp256k1.txt", argv[1]);
    context = secp256k1_context_create(SECP256K1_CONTEXT_SIGN | SECP256K1_CONTEXT_VERIFY);
    FILE *file = fopen(path, strcmp(argv[2], "write") ? "r" : "w");
    if (!file)
        return 1;
    if (!strcmp(argv[2], "write")) {
        write_cases(file, fopen("/dev/urandom", "rb"));
        fclose(file);
        return 0;
    }

    for (int i = 0; i < Cases; i++) {
        read_hex(file, hashes[i], 32);
        read_hex(file, signatures[i], 65);
        read_hex(file, keys[i], 65);
    }
    double best = 1e18;
    for (int run = 0; run < Runs; run++) {
        double start = now();
        for (int i = 0; i < 5000; i++)
            recover(i % Cases);
        double each = (now() - start) / 5000;
        best = each < best ? each : best;
    }
    printf("secp256k1-recover %.0f\n", best);
    time_hash(256);
    time_hash(4096);
    time_hash(1 << 20);
    return 0;
}
