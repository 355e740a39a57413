;; account: the least that an account must do. Method 1, its constructor, keeps the address that it gets as state: a CBOR list of
;; one element. Any other method is refused; plain transfers do not run code.
(module
  (import "vm" "message_context" (func $message_context (param i32) (result i32)))
  (import "vm" "exit" (func $exit (param i32 i32 i32 i32) (result i32)))
  (import "self" "set_root" (func $set_root (param i32) (result i32)))
  (import "ipld" "block_read" (func $block_read (param i32 i32 i32 i32 i32) (result i32)))
  (import "ipld" "block_stat" (func $block_stat (param i32 i32) (result i32)))
  (import "ipld" "block_create" (func $block_create (param i32 i64 i32 i32) (result i32)))
  (import "ipld" "block_link" (func $block_link (param i32 i32 i64 i32 i32 i32) (result i32)))

  (memory (export "memory") 1)

  (func (export "invoke") (param $params i32) (result i32)
    (local $size i32)
    (call $require (call $message_context (i32.const 0)))
    (if (i64.ne (i64.load offset=32 (i32.const 0)) (i64.const 1)) (then
      (drop (call $exit (i32.const 22) (i32.const 0) (i32.const 0) (i32.const 0)))))
    (call $require (call $block_stat (i32.const 0) (local.get $params)))
    (local.set $size (i32.load offset=8 (i32.const 0)))
    (i32.store8 (i32.const 256) (i32.const 0x81))
    (call $require (call $block_read
      (i32.const 0) (local.get $params) (i32.const 0) (i32.const 257) (local.get $size)))
    (call $require (call $block_create
      (i32.const 0) (i64.const 0x71) (i32.const 256) (i32.add (local.get $size) (i32.const 1))))
    (call $require (call $block_link
      (i32.const 128) (i32.load (i32.const 0)) (i64.const 0xb220) (i32.const 32) (i32.const 128) (i32.const 100)))
    (call $require (call $set_root (i32.const 128)))
    (i32.const 0))

  (func $require (param $error i32)
    (if (local.get $error) (then
      (drop (call $exit (i32.const 24) (i32.const 0) (i32.const 0) (i32.const 0)))))))
