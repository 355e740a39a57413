/* Loads the two libraries. Both have undefined references to the host's
 * functions, which the dynamic linker binds to the host's program; here they
 * are then redirected to functions of ours (host.c), in the library's own
 * relocations. So both libraries share one C library and one allocator with
 * the host, which they must: blocks from the host's malloc are freed by them. */
#define _GNU_SOURCE
#include "shadow.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct library shadow_leader, shadow_follower;

static char const *const proof_names[] = {
    "verify_seal", "verify_aggregate_seal_proof", "verify_window_post", "verify_empty_sector_update_proof", "destroy_verify_seal_response",
};

static char const *const own_names[] = {
    "create_fvm_machine", "create_fvm_debug_machine", "fvm_machine_execute_message", "fvm_machine_flush", "drop_fvm_machine",
    "destroy_create_fvm_machine_response", "destroy_fvm_machine_execute_response", "destroy_fvm_machine_flush_response",
    "destroy_seal_pre_commit_phase1_response", "fvm_version", "fvm_capabilities", "destroy_fvm_capabilities_response",
};

struct image {
    struct link_map *map;
    ElfW(Sym) const *symbols;
    char const *names;
    ElfW(Rela) const *tables[2];
    size_t sizes[2];
    uintptr_t sealed, sealed_end; /* pages that are read-only once relocated */
};

static bool read_image(void *handle, struct image *image)
{
    memset(image, 0, sizeof *image);
    if (dlinfo(handle, RTLD_DI_LINKMAP, &image->map) != 0) {
        return false;
    }
    uintptr_t base = image->map->l_addr;
#define POINTER(value) ((void const *)((uintptr_t)(value) < base ? base + (value) : (uintptr_t)(value)))
    for (ElfW(Dyn) const *entry = image->map->l_ld; entry->d_tag != DT_NULL; entry++) {
        switch (entry->d_tag) {
        case DT_SYMTAB: image->symbols = POINTER(entry->d_un.d_ptr); break;
        case DT_STRTAB: image->names = POINTER(entry->d_un.d_ptr); break;
        case DT_RELA: image->tables[0] = POINTER(entry->d_un.d_ptr); break;
        case DT_RELASZ: image->sizes[0] = entry->d_un.d_val; break;
        case DT_JMPREL: image->tables[1] = POINTER(entry->d_un.d_ptr); break;
        case DT_PLTRELSZ: image->sizes[1] = entry->d_un.d_val; break;
        default: break;
        }
    }
    ElfW(Ehdr) const *header = (void const *)base;
    ElfW(Phdr) const *segments = (void const *)(base + header->e_phoff);
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int i = 0; i < header->e_phnum; i++) {
        if (segments[i].p_type == PT_GNU_RELRO) {
            image->sealed = (base + segments[i].p_vaddr) & ~(page - 1);
            image->sealed_end = (base + segments[i].p_vaddr + segments[i].p_memsz) & ~(page - 1);
        }
    }
    return image->symbols != NULL && image->names != NULL;
}

static bool among(char const *name, char const *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static void *target_of(char const *name, ElfW(Sym) const *symbol, void *handle, struct redirect const *redirects, void *proofs)
{
    if (symbol->st_shndx == SHN_UNDEF) {
        for (struct redirect const *redirect = redirects; redirect->name != NULL; redirect++) {
            if (strcmp(redirect->name, name) == 0) {
                return redirect->target;
            }
        }
        if (proofs != NULL && among(name, proof_names, sizeof proof_names / sizeof *proof_names) && dlsym(RTLD_DEFAULT, name) == NULL) {
            return dlsym(proofs, name);
        }
        return NULL;
    }
    /* Its own functions: the dynamic linker has bound calls between them to ours, which have the same names. */
    return among(name, own_names, sizeof own_names / sizeof *own_names) ? dlsym(handle, name) : NULL;
}

static int redirect_all(struct image const *image, void *handle, struct redirect const *redirects, void *proofs)
{
    int hosts = 0;
    for (int table = 0; table < 2; table++) {
        for (size_t i = 0; i < image->sizes[table] / sizeof(ElfW(Rela)); i++) {
            ElfW(Rela) const *relocation = &image->tables[table][i];
            ElfW(Sym) const *symbol = &image->symbols[ELF64_R_SYM(relocation->r_info)];
            if (ELF64_R_SYM(relocation->r_info) == 0) {
                continue;
            }
            char const *name = image->names + symbol->st_name;
            void *target = target_of(name, symbol, handle, redirects, proofs);
            if (target != NULL) {
                *(uintptr_t *)(image->map->l_addr + relocation->r_offset) = (uintptr_t)target + (uintptr_t)relocation->r_addend;
                hosts += strncmp(name, "cgo_", 4) == 0;
            }
        }
    }
    return hosts;
}

#define FIND(field, name, required)                                                         \
    do {                                                                                    \
        library->field = (__typeof__(library->field))dlsym(library->handle, name);          \
        if (library->field == NULL && (required)) {                                         \
            snprintf(why, sizeof why, "%s has no function %s", path, name);                 \
            return why;                                                                     \
        }                                                                                   \
    } while (0)

char const *shadow_load(struct library *library, char const *path, struct redirect const *redirects, void *proofs)
{
    static char why[600];
    library->path = path;
    library->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library->handle == NULL) {
        char const *error = dlerror();
        snprintf(why, sizeof why, "cannot load %s: %s", path, error == NULL ? "unknown error" : error);
        return why;
    }
    if (library->handle == shadow_leader.handle && library != &shadow_leader) {
        snprintf(why, sizeof why, "%s is the leader itself: the same file cannot be loaded twice, a copy can", path);
        return why;
    }
    struct image image;
    if (!read_image(library->handle, &image)) {
        snprintf(why, sizeof why, "%s has no symbol table", path);
        return why;
    }
    if (image.sealed_end > image.sealed
        && mprotect((void *)image.sealed, image.sealed_end - image.sealed, PROT_READ | PROT_WRITE) != 0) {
        snprintf(why, sizeof why, "the relocations of %s cannot be changed", path);
        return why;
    }
    int hosts = redirect_all(&image, library->handle, redirects, proofs);
    if (image.sealed_end > image.sealed) {
        (void)mprotect((void *)image.sealed, image.sealed_end - image.sealed, PROT_READ);
    }
    FIND(create, "create_fvm_machine", true);
    FIND(create_debug, "create_fvm_debug_machine", true);
    FIND(execute, "fvm_machine_execute_message", true);
    FIND(flush, "fvm_machine_flush", true);
    FIND(drop, "drop_fvm_machine", true);
    FIND(destroy_create, "destroy_create_fvm_machine_response", true);
    FIND(destroy_execute, "destroy_fvm_machine_execute_response", true);
    FIND(destroy_phase1, "destroy_seal_pre_commit_phase1_response", false);
    FIND(destroy_flush, "destroy_fvm_machine_flush_response", library->destroy_phase1 == NULL);
    FIND(version, "fvm_version", false);
    FIND(capabilities, "fvm_capabilities", false);
    FIND(destroy_capabilities, "destroy_fvm_capabilities_response", false);
    if (library->destroy_flush == NULL) {
        library->destroy_flush = library->destroy_phase1;
    }
    if (library->destroy_phase1 == NULL) {
        library->destroy_phase1 = library->destroy_flush;
    }
    if (hosts == 0) {
        snprintf(why, sizeof why, "%s does not call the host's functions by name, so its reads cannot be shared", path);
        return why;
    }
    return NULL;
}
