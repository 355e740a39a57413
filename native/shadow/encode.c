/* Text of vectors: JSON strings, base64, CIDs, amounts, events, gzip. */
#include "shadow.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void text_add(struct text *text, void const *data, size_t length)
{
    if (text->failed || length > text->limit - text->length) {
        text->failed = true;
        return;
    }
    if (text->length + length > text->room) {
        size_t room = 2 * (text->length + length) + 256;
        char *moved = realloc(text->data, room);
        if (moved == NULL) {
            text->failed = true;
            return;
        }
        text->data = moved;
        text->room = room;
    }
    memcpy(text->data + text->length, data, length);
    text->length += length;
}

void text_print(struct text *text, char const *format, ...)
{
    char part[512];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(part, sizeof part, format, arguments);
    va_end(arguments);
    if (length < 0 || length >= (int)sizeof part) {
        text->failed = true;
        return;
    }
    text_add(text, part, (size_t)length);
}

/* The length of the UTF-8 sequence at the start; 0 if it is malformed. */
static size_t sequence(unsigned char const *at, size_t left)
{
    size_t length = *at < 0x80 ? 1 : *at >= 0xc2 && *at < 0xe0 ? 2 : (*at & 0xf0) == 0xe0 ? 3 : *at >= 0xf0 && *at < 0xf5 ? 4 : 0;
    if (length == 0 || length > left) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    bool surrogate = at[0] == 0xed && at[1] >= 0xa0;
    bool overlong = (at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] >= 0x90);
    return surrogate || overlong ? 0 : length;
}

void text_json(struct text *text, char const *string, size_t length)
{
    text_add(text, "\"", 1);
    for (size_t i = 0; i < length;) {
        unsigned char const *at = (unsigned char const *)string + i;
        size_t bytes = sequence(at, length - i);
        if (bytes == 0) {
            text_add(text, "\\ufffd", 6);
            i++;
        } else if (bytes == 1 && (*at < ' ' || *at == '"' || *at == '\\' || *at == 0x7f)) {
            text_print(text, "\\u%04x", *at);
            i++;
        } else {
            text_add(text, at, bytes);
            i += bytes;
        }
    }
    text_add(text, "\"", 1);
}

void text_base64(struct text *text, uint8_t const *data, size_t length)
{
    static char const digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i;
        uint32_t group = (uint32_t)data[i] << 16 | (left > 1 ? (uint32_t)data[i + 1] << 8 : 0) | (left > 2 ? data[i + 2] : 0);
        char out[4] = {digits[group >> 18], digits[group >> 12 & 63], left > 1 ? digits[group >> 6 & 63] : '=', left > 2 ? digits[group & 63] : '='};
        text_add(text, out, 4);
    }
}

/* Base32 of version 1; a CID of version 0 cannot be a state root or an events root. */
void text_cid(struct text *text, uint8_t const *cid, size_t length)
{
    static char const digits[] = "abcdefghijklmnopqrstuvwxyz234567";
    text_add(text, "b", 1);
    uint32_t bits = 0;
    int held = 0;
    for (size_t i = 0; i < length; i++) {
        bits = bits << 8 | cid[i];
        for (held += 8; held >= 5; held -= 5) {
            text_add(text, &digits[bits >> (held - 5) & 31], 1);
        }
    }
    if (held > 0) {
        text_add(text, &digits[bits << (5 - held) & 31], 1);
    }
}

void text_amount(struct text *text, uint64_t high, uint64_t low)
{
    unsigned __int128 value = (unsigned __int128)high << 64 | low;
    char decimal[40];
    int at = sizeof decimal;
    do {
        decimal[--at] = (char)('0' + (int)(value % 10));
        value /= 10;
    } while (value != 0);
    text_add(text, decimal + at, sizeof decimal - (size_t)at);
}

bool text_events(struct text *text, slice_boxed_uint8_t events)
{
    text_add(text, "[", 1);
    struct cbor cbor = {events.ptr, events.ptr + events.len, false};
    uint64_t count = 0, parts, emitter, entries, fields, flags, codec, length;
    if (events.ptr != NULL && events.len != 0 && cbor_head(&cbor, &count) != 4) {
        return false;
    }
    for (uint64_t i = 0; i < count; i++) {
        if (cbor_head(&cbor, &parts) != 4 || parts != 2 || cbor_head(&cbor, &emitter) != 0 || cbor_head(&cbor, &entries) != 4) {
            return false;
        }
        text_print(text, "%s{\"emitter\":%llu,\"entries\":[", i == 0 ? "" : ",", (unsigned long long)emitter);
        for (uint64_t entry = 0; entry < entries; entry++) {
            uint8_t const *data;
            if (cbor_head(&cbor, &fields) != 4 || fields != 4 || cbor_head(&cbor, &flags) != 0 || !cbor_bytes(&cbor, 3, &data, &length)) {
                return false;
            }
            text_print(text, "%s[%llu,", entry == 0 ? "" : ",", (unsigned long long)flags);
            text_json(text, (char const *)data, length);
            if (cbor_head(&cbor, &codec) != 0 || !cbor_bytes(&cbor, 2, &data, &length)) {
                return false;
            }
            text_print(text, ",%llu,\"", (unsigned long long)codec);
            text_base64(text, data, length);
            text_add(text, "\"]", 2);
        }
        text_add(text, "]}", 2);
    }
    text_add(text, "]", 1);
    return !cbor.broken;
}

static uint32_t crc32(uint8_t const *data, size_t length)
{
    uint32_t table[256];
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t value = i;
        for (int bit = 0; bit < 8; bit++) {
            value = (value >> 1) ^ (0xedb88320u & -(value & 1));
        }
        table[i] = value;
    }
    uint32_t crc = 0xffffffffu;
    for (size_t i = 0; i < length; i++) {
        crc = (crc >> 8) ^ table[(crc ^ data[i]) & 0xff];
    }
    return ~crc;
}

void text_gzip(struct text *text, uint8_t const *data, size_t length)
{
    static uint8_t const header[10] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff};
    text_add(text, header, sizeof header);
    size_t at = 0;
    do {
        size_t part = length - at < 65535 ? length - at : 65535;
        uint8_t head[5] = {at + part == length, (uint8_t)part, (uint8_t)(part >> 8), (uint8_t)~part, (uint8_t)(~part >> 8)};
        text_add(text, head, sizeof head);
        text_add(text, data + at, part);
        at += part;
    } while (at < length);
    uint32_t crc = crc32(data, length), size = (uint32_t)length;
    uint8_t tail[8];
    for (int i = 0; i < 4; i++) {
        tail[i] = (uint8_t)(crc >> (8 * i));
        tail[4 + i] = (uint8_t)(size >> (8 * i));
    }
    text_add(text, tail, sizeof tail);
}
