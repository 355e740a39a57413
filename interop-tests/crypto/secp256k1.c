/* Random recoveries, valid and invalid, with the results of libsecp256k1. usage: secp256k1 SEED COUNT
   Prints lines: secp256k1 HASH SIGNATURE KEY, where KEY is - if there is none. */
#include <secp256k1.h>
#include <secp256k1_recovery.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const unsigned char order[32] = {
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
    0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41};

static uint64_t state;

/* splitmix64 */
static uint64_t next(void) {
    uint64_t z = (state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static void fill(unsigned char *bytes, int length) {
    for (int i = 0; i < length; i++)
        bytes[i] = (unsigned char)next();
}

/* n - s: the other valid s for the same hash. */
static void negate(unsigned char *s) {
    int borrow = 0;
    for (int i = 31; i >= 0; i--) {
        int difference = order[i] - s[i] - borrow;
        borrow = difference < 0;
        s[i] = (unsigned char)difference;
    }
}

static void print_hex(const unsigned char *bytes, size_t length) {
    putchar(' ');
    for (size_t i = 0; i < length; i++)
        printf("%02x", bytes[i]);
}

int main(int argc, char **argv) {
    if (argc != 3)
        return 2;
    state = strtoull(argv[1], NULL, 10);
    secp256k1_context *context = secp256k1_context_create(SECP256K1_CONTEXT_SIGN | SECP256K1_CONTEXT_VERIFY);
    for (long i = atol(argv[2]); i > 0; i--) {
        unsigned char secret[32], hash[32], signature[65], bytes[65];
        secp256k1_ecdsa_recoverable_signature recoverable;
        secp256k1_pubkey key;
        size_t length = sizeof bytes;
        int id;
        fill(secret, 32);
        fill(hash, 32);
        if (!secp256k1_ecdsa_sign_recoverable(context, &recoverable, hash, secret, NULL, NULL))
            return 1;
        secp256k1_ecdsa_recoverable_signature_serialize_compact(context, signature, &id, &recoverable);
        signature[64] = (unsigned char)id;
        switch (next() % 12) {
        case 0: negate(signature + 32); signature[64] ^= 1; break;
        case 1: negate(signature + 32); break;
        case 2: signature[64] = next() % 6; break;
        case 3: fill(signature, 32); break;
        case 4: fill(signature + 32, 32); break;
        case 5: memset(signature, 0, 16 + next() % 15); signature[64] = next() % 4; break; /* r + n below p */
        case 6: memset(signature, 0xff, 16); break;
        case 7: memcpy(signature, order, 32); signature[31] += next() % 3 - 1; break;
        case 8: memcpy(signature + 32, order, 32); signature[63] += next() % 3 - 1; break;
        case 9: memset(signature + (next() % 2) * 32, 0, 32); break;
        case 10: memset(hash, (next() % 2) * 0xff, 32); break;
        }
        printf("secp256k1");
        print_hex(hash, 32);
        print_hex(signature, 65);
        if (signature[64] < 4 &&
            secp256k1_ecdsa_recoverable_signature_parse_compact(context, &recoverable, signature, signature[64]) &&
            secp256k1_ecdsa_recover(context, &key, &recoverable, hash)) {
            secp256k1_ec_pubkey_serialize(context, bytes, &length, &key, SECP256K1_EC_UNCOMPRESSED);
            print_hex(bytes, length);
            putchar('\n');
        } else
            puts(" -");
    }
    return 0;
}
