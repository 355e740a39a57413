#!/usr/bin/env bash
# scripts/link-lotus.sh [--undo] FFI_DIR
#
# Installs this machine in a checkout of filecoin-ffi, so that `go build` of Lotus takes the FVM from libfvm.a and everything else from
# libfilcrypto. FFI_DIR is the checkout (extern/filecoin-ffi in Lotus), with libfilcrypto.a, filcrypto.h and filcrypto.pc, built without
# their FVM:
#
#     FFI_BUILD_FROM_SOURCE=1 FFI_DISABLE_FVM=1 make -C extern/filecoin-ffi
#
#   --undo   removes it again; rebuild libfilcrypto with its FVM afterwards
#
# Cleans Go's build cache at the end, if Go is installed: the cache does not track filcrypto.pc, filcrypto.h or archives, so a program
# built before would be relinked without the machine, or with two, and crash at its first call. (GOCACHE names a cache.)
#
# Needs artifacts/native (scripts/publish-native), nm and objcopy. FVM_NATIVE names another folder for artifacts/native. May be repeated,
# with a newer library or after a rebuild of libfilcrypto. docs/lotus.md describes the whole procedure.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
native=${FVM_NATIVE:-$root/artifacts/native}
mark='/* fvm: added by link-lotus.sh */'
libs='-lfvm -lpthread -ldl -lrt -lm'

say() { echo "link-lotus: $*" >&2; }
die() { say "$@"; exit 1; }

undo=false
if [ "${1:-}" = --undo ]; then undo=true; shift; fi
[ $# = 1 ] || { sed -n '2,18s/^# \{0,1\}//p' "$0" >&2; exit 2; }
ffi=$1
for file in filcrypto.h filcrypto.pc libfilcrypto.a; do
  [ -f "$ffi/$file" ] || die "$ffi has no $file: build filecoin-ffi first"
done

take_out() {
  # Only lines added by this script: the files may have been regenerated since.
  grep -vF "$mark" "$ffi/filcrypto.h" >"$ffi/filcrypto.h.new" || true
  sed "s/ $libs\$//" "$ffi/filcrypto.pc" >"$ffi/filcrypto.pc.new"
  mv "$ffi/filcrypto.h.new" "$ffi/filcrypto.h"
  mv "$ffi/filcrypto.pc.new" "$ffi/filcrypto.pc"
  rm -f "$ffi/libfvm.a" "$ffi/fvm.h"
}

clean_cache() {
  if command -v go >/dev/null && go clean -cache; then
    say "Go's build cache is cleaned: it would not see the change"
  else
    say "NOT DONE YET: run 'go clean -cache' before you build Lotus. Go's build cache does not see the change, and the node would die at its first call"
  fi
}

if $undo; then
  take_out
  clean_cache
  say "taken out of $ffi"
  exit 0
fi

for file in libfvm.a include/filcrypto.h; do
  [ -f "$native/$file" ] || die "there is no $native/$file: run scripts/publish-native first"
done
names=$(nm -g --defined-only "$ffi/libfilcrypto.a" 2>/dev/null | awk 'NF == 3 { print $3 }' | LC_ALL=C sort -u)
if grep -qx create_fvm_machine <<<"$names"; then
  die "$ffi/libfilcrypto.a has an FVM of its own; build it without: FFI_BUILD_FROM_SOURCE=1 FFI_DISABLE_FVM=1 make -C $ffi"
fi
for name in verify_seal verify_window_post verify_aggregate_seal_proof verify_empty_sector_update_proof destroy_verify_seal_response; do
  grep -qx $name <<<"$names" || die "$ffi/libfilcrypto.a has no $name: without it proofs would not verify, and the node would leave the chain"
done

take_out
# A symbol in both libraries is taken from libfilcrypto: responses are allocated by malloc in both, with the same layout.
hide=()
while read -r name; do
  hide+=("--localize-symbol=$name")
done < <(comm -12 <(echo "$names") <(LC_ALL=C sort "$root/native/exports.txt"))
objcopy "${hide[@]}" "$native/libfvm.a" "$ffi/libfvm.a"
twice=$(comm -12 <(echo "$names") <(nm -g --defined-only "$ffi/libfvm.a" | awk 'NF == 3 { print $3 }' | LC_ALL=C sort -u))
[ -z "$twice" ] || { take_out; die "defined twice: $twice"; }

install -m 644 "$native/include/filcrypto.h" "$ffi/fvm.h"
{
  echo "#define FVM_BESIDE_FILCRYPTO $mark"
  echo "#include \"fvm.h\" $mark"
} >>"$ffi/filcrypto.h"
sed -i "s/^Libs:.*/& $libs/" "$ffi/filcrypto.pc"
grep -qF -- "$libs" "$ffi/filcrypto.pc" || { take_out; die "$ffi/filcrypto.pc has no line 'Libs:'"; }

clean_cache
say "done: build Lotus as usual, without the tag nofvm. Hidden in favour of libfilcrypto: ${hide[*]:-nothing}"
