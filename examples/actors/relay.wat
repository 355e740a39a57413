;; relay: two actors (f01000 and f01001) that pass a coin to and fro, deeper and deeper.
;;   method 2     asks for randomness, and returns
;;   method N>2   emits an event, and calls method N-1 of the other with 1 attoFIL
;; So method N nests N-1 calls. All of it ends with USR_ASSERTION_FAILED (24) where a call within fails.
(module
  (import "vm" "message_context" (func $message_context (param i32) (result i32)))
  (import "vm" "exit" (func $exit (param i32 i32 i32 i32) (result i32)))
  (import "event" "emit_event" (func $emit_event (param i32 i32 i32 i32 i32 i32) (result i32)))
  (import "rand" "get_chain_randomness" (func $get_chain_randomness (param i32 i64) (result i32)))
  (import "send" "send" (func $send (param i32 i32 i32 i64 i32 i64 i64 i64 i64) (result i32)))

  (memory (export "memory") 1)
  (data (i32.const 0) "a syscall or the next call failed")
  ;; ID addresses: a zero, then the ID as a varint.
  (data (i32.const 48) "\00\e8\07")       ;; f01000
  (data (i32.const 52) "\00\e9\07")       ;; f01001
  ;; An event's entry: flags (indexed key and value), codec (raw), lengths of key and value; then the key. The value is the method.
  (data (i32.const 64) "\03\00\00\00\00\00\00\00\55\00\00\00\00\00\00\00\05\00\00\00\08\00\00\00depth")

  (global $result i32 (i32.const 128))    ;; what a syscall returns: at most 80 bytes

  (func (export "invoke") (param $params i32) (result i32)
    (local $method i64) (local $other i32)
    (call $require (call $message_context (global.get $result)))
    (local.set $method (i64.load offset=32 (global.get $result)))
    (local.set $other (select (i32.const 52) (i32.const 48) (i64.eq (i64.load offset=24 (global.get $result)) (i64.const 1000))))

    (if (i64.le_u (local.get $method) (i64.const 2)) (then
      (call $require (call $get_chain_randomness (global.get $result) (i64.const 100)))
      (return (i32.const 0))))

    (i64.store (i32.const 256) (local.get $method))
    (call $require (call $emit_event (i32.const 64) (i32.const 1) (i32.const 88) (i32.const 5) (i32.const 256) (i32.const 8)))
    (call $require (call $send (global.get $result) (local.get $other) (i32.const 3)
      (i64.sub (local.get $method) (i64.const 1)) (i32.const 0) (i64.const 0) (i64.const 1) (i64.const -1) (i64.const 0)))
    (call $require (i32.load (global.get $result)))
    (i32.const 0))

  (func $require (param $error i32)
    (if (local.get $error) (then
      (drop (call $exit (i32.const 24) (i32.const 0) (i32.const 0) (i32.const 33)))))))
