;; caller: calls other actors.
;;   method 2  tells the counter (f01000) to add one, and returns what it returns
;;   method 3  tells the counter to add one in a read-only call, and returns that call's exit code
;;   method 4  tells the failing actor (f01003) to stop with exit code 42, and returns the exit code that it sees
;;   method 5  sends the value that it got on to bob (f0101)
;;   method 6  calls itself, as deep as calls may nest, and returns the error number that the deepest call sees
(module
  (import "vm" "message_context" (func $message_context (param i32) (result i32)))
  (import "vm" "exit" (func $exit (param i32 i32 i32 i32) (result i32)))
  (import "ipld" "block_create" (func $block_create (param i32 i64 i32 i32) (result i32)))
  (import "send" "send" (func $send (param i32 i32 i32 i64 i32 i64 i64 i64 i64) (result i32)))

  (memory (export "memory") 1)
  (data (i32.const 0) "a syscall failed")
  (data (i32.const 32) "no such method")
  ;; ID addresses: a zero, then the ID as a varint.
  (data (i32.const 48) "\00\e8\07")       ;; f01000, the counter
  (data (i32.const 52) "\00\eb\07")       ;; f01003, the failing actor
  (data (i32.const 56) "\00\65")          ;; f0101, bob
  (data (i32.const 60) "\00\e9\07")       ;; f01001, this actor

  (global $result i32 (i32.const 64))     ;; what a syscall returns: at most 80 bytes
  (global $block i32 (i32.const 320))     ;; a block of a CBOR integer

  (func (export "invoke") (param $params i32) (result i32)
    (local $method i64) (local $value_low i64) (local $value_high i64)
    (call $require (call $message_context (global.get $result)))
    (local.set $method (i64.load offset=32 (global.get $result)))
    (local.set $value_low (i64.load offset=40 (global.get $result)))
    (local.set $value_high (i64.load offset=48 (global.get $result)))

    (if (i64.eq (local.get $method) (i64.const 2)) (then
      (call $require (call $call (i32.const 48) (i32.const 3) (i64.const 2) (i64.const 0)))
      (return (i32.load offset=4 (global.get $result)))))

    (if (i64.eq (local.get $method) (i64.const 3)) (then
      (call $require (call $call (i32.const 48) (i32.const 3) (i64.const 2) (i64.const 1)))
      (return (call $number (i32.load (global.get $result))))))

    (if (i64.eq (local.get $method) (i64.const 4)) (then
      (call $require (call $call (i32.const 52) (i32.const 3) (i64.const 2) (i64.const 0)))
      (return (call $number (i32.load (global.get $result))))))

    (if (i64.eq (local.get $method) (i64.const 5)) (then
      (call $require (call $send (global.get $result) (i32.const 56) (i32.const 2) (i64.const 0) (i32.const 0)
        (local.get $value_high) (local.get $value_low) (i64.const -1) (i64.const 0)))
      (return (i32.const 0))))

    (if (i64.eq (local.get $method) (i64.const 6)) (then
      (return (call $deeper))))

    ;; USR_UNHANDLED_MESSAGE
    (drop (call $exit (i32.const 22) (i32.const 0) (i32.const 32) (i32.const 14)))
    unreachable)

  (func $require (param $error i32)
    (if (local.get $error) (then
      (drop (call $exit (i32.const 24) (i32.const 0) (i32.const 0) (i32.const 16))))))

  ;; A call without parameters and value, with all the gas that there is. Gives the error number.
  (func $call (param $address i32) (param $length i32) (param $method i64) (param $flags i64) (result i32)
    (call $send (global.get $result) (local.get $address) (local.get $length) (local.get $method) (i32.const 0)
      (i64.const 0) (i64.const 0) (i64.const -1) (local.get $flags)))

  (func $deeper (result i32)
    (local $error i32)
    (local.set $error (call $call (i32.const 60) (i32.const 3) (i64.const 6) (i64.const 0)))
    (if (local.get $error) (then
      (return (call $number (local.get $error)))))
    (i32.load offset=4 (global.get $result)))

  ;; A block with a number below 256 in CBOR.
  (func $number (param $number i32) (result i32)
    (local $length i32)
    (local.set $length (i32.const 1))
    (i32.store8 (global.get $block) (local.get $number))
    (if (i32.ge_u (local.get $number) (i32.const 24)) (then
      (local.set $length (i32.const 2))
      (i32.store8 (global.get $block) (i32.const 0x18))
      (i32.store8 offset=1 (global.get $block) (local.get $number))))
    (call $require (call $block_create
      (global.get $result) (i64.const 0x71) (global.get $block) (local.get $length)))
    (i32.load (global.get $result))))
