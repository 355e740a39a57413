;; counter: keeps a number.
;;   method 2  adds one and returns the new number
;;   method 3  returns the number
;; State and return value are a CBOR unsigned integer (codec 0x71).
(module
  (import "vm" "message_context" (func $message_context (param i32) (result i32)))
  (import "vm" "exit" (func $exit (param i32 i32 i32 i32) (result i32)))
  (import "self" "root" (func $root (param i32 i32 i32) (result i32)))
  (import "self" "set_root" (func $set_root (param i32) (result i32)))
  (import "ipld" "block_open" (func $block_open (param i32 i32) (result i32)))
  (import "ipld" "block_read" (func $block_read (param i32 i32 i32 i32 i32) (result i32)))
  (import "ipld" "block_create" (func $block_create (param i32 i64 i32 i32) (result i32)))
  (import "ipld" "block_link" (func $block_link (param i32 i32 i64 i32 i32 i32) (result i32)))

  (memory (export "memory") 1)
  (data (i32.const 0) "a syscall failed")
  (data (i32.const 32) "no such method")

  ;; Where things are in memory.
  (global $result i32 (i32.const 64))     ;; what a syscall returns: at most 80 bytes
  (global $cid i32 (i32.const 192))       ;; a CID: at most 100 bytes
  (global $block i32 (i32.const 320))     ;; a block: at most 9 bytes

  (func (export "invoke") (param $params i32) (result i32)
    (local $method i64)
    (call $require (call $message_context (global.get $result)))
    (local.set $method (i64.load offset=32 (global.get $result)))

    (if (i64.eq (local.get $method) (i64.const 2)) (then
      (return (call $save (i64.add (call $load) (i64.const 1))))))
    (if (i64.eq (local.get $method) (i64.const 3)) (then
      (return (call $encode (call $load)))))

    ;; USR_UNHANDLED_MESSAGE
    (drop (call $exit (i32.const 22) (i32.const 0) (i32.const 32) (i32.const 14)))
    unreachable)

  ;; Ends the call with USR_ASSERTION_FAILED when a syscall gave an error number.
  (func $require (param $error i32)
    (if (local.get $error) (then
      (drop (call $exit (i32.const 24) (i32.const 0) (i32.const 0) (i32.const 16))))))

  ;; Reads the state: opens the root's block, reads it, decodes the integer.
  (func $load (result i64)
    (local $id i32)
    (call $require (call $root (global.get $result) (global.get $cid) (i32.const 100)))
    (call $require (call $block_open (global.get $result) (global.get $cid)))
    (local.set $id (i32.load offset=8 (global.get $result)))
    (call $require (call $block_read
      (global.get $result) (local.get $id) (i32.const 0) (global.get $block) (i32.const 9)))
    (call $decode))

  ;; Stores the number as the new state and gives the handle of its block, to return it too.
  (func $save (param $number i64) (result i32)
    (local $id i32)
    (local.set $id (call $encode (local.get $number)))
    ;; BLAKE2b-256, the only hash that state may have
    (call $require (call $block_link
      (global.get $result) (local.get $id) (i64.const 0xb220) (i32.const 32) (global.get $cid) (i32.const 100)))
    (call $require (call $set_root (global.get $cid)))
    (local.get $id))

  ;; CBOR: numbers below 24 are one byte; below 256 they follow 0x18, below 65,536 they follow 0x19.
  (func $decode (result i64)
    (local $first i32)
    (local.set $first (i32.load8_u (global.get $block)))
    (if (i32.lt_u (local.get $first) (i32.const 24)) (then
      (return (i64.extend_i32_u (local.get $first)))))
    (if (i32.eq (local.get $first) (i32.const 0x18)) (then
      (return (i64.load8_u offset=1 (global.get $block)))))
    (i64.or
      (i64.shl (i64.load8_u offset=1 (global.get $block)) (i64.const 8))
      (i64.load8_u offset=2 (global.get $block))))

  (func $encode (param $number i64) (result i32)
    (local $length i32)
    (local.set $length (i32.const 1))
    (i64.store8 (global.get $block) (local.get $number))
    (if (i64.ge_u (local.get $number) (i64.const 24)) (then
      (local.set $length (i32.const 2))
      (i32.store8 (global.get $block) (i32.const 0x18))
      (i64.store8 offset=1 (global.get $block) (local.get $number))))
    (if (i64.ge_u (local.get $number) (i64.const 256)) (then
      (local.set $length (i32.const 3))
      (i32.store8 (global.get $block) (i32.const 0x19))
      (i64.store8 offset=1 (global.get $block) (i64.shr_u (local.get $number) (i64.const 8)))
      (i64.store8 offset=2 (global.get $block) (local.get $number))))
    (call $require (call $block_create
      (global.get $result) (i64.const 0x71) (global.get $block) (local.get $length)))
    (i32.load (global.get $result))))
