;; events: emits events.
;;   method 2  one event with two entries: "kind" = "greeting", "who" = "world"
;;   method 3  three events of one entry each: "count" = 0, 1, 2 (as raw bytes)
;;   method 4  an event with a codec that events may not have, which is refused; returns the error number
;;   method 5  one event, then fails: an event of a call that fails is none
(module
  (import "vm" "message_context" (func $message_context (param i32) (result i32)))
  (import "vm" "exit" (func $exit (param i32 i32 i32 i32) (result i32)))
  (import "ipld" "block_create" (func $block_create (param i32 i64 i32 i32) (result i32)))
  (import "event" "emit_event" (func $emit_event (param i32 i32 i32 i32 i32 i32) (result i32)))
  (import "debug" "log" (func $log (param i32 i32) (result i32)))

  (memory (export "memory") 1)
  (data (i32.const 0) "a syscall failed")
  (data (i32.const 32) "no such method")
  (data (i32.const 48) "emitting")
  ;; Entries are 24 bytes: flags (3: key and value are indexed), codec (0x55: raw bytes), key length, value length.
  (data (i32.const 512) "\03\00\00\00\00\00\00\00" "\55\00\00\00\00\00\00\00" "\04\00\00\00" "\08\00\00\00")
  (data (i32.const 536) "\03\00\00\00\00\00\00\00" "\55\00\00\00\00\00\00\00" "\03\00\00\00" "\05\00\00\00")
  (data (i32.const 560) "kindwho" "greetingworld")
  (data (i32.const 640) "\00\00\00\00\00\00\00\00" "\55\00\00\00\00\00\00\00" "\05\00\00\00" "\01\00\00\00")
  (data (i32.const 664) "count")
  (data (i32.const 672) "\00\00\00\00\00\00\00\00" "\70\00\00\00\00\00\00\00" "\05\00\00\00" "\01\00\00\00")

  (global $result i32 (i32.const 64))
  (global $block i32 (i32.const 320))

  (func (export "invoke") (param $params i32) (result i32)
    (local $method i64) (local $count i32)
    (call $require (call $message_context (global.get $result)))
    (local.set $method (i64.load offset=32 (global.get $result)))
    ;; Seen where actors' debugging is on; free elsewhere.
    (drop (call $log (i32.const 48) (i32.const 8)))

    (if (i64.eq (local.get $method) (i64.const 2)) (then
      (call $greet)
      (return (i32.const 0))))

    (if (i64.eq (local.get $method) (i64.const 3)) (then
      (loop $next
        (i32.store8 (global.get $block) (local.get $count))
        (call $require (call $emit_event
          (i32.const 640) (i32.const 1) (i32.const 664) (i32.const 5) (global.get $block) (i32.const 1)))
        (local.set $count (i32.add (local.get $count) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $count) (i32.const 3))))
      (return (i32.const 0))))

    (if (i64.eq (local.get $method) (i64.const 4)) (then
      (i32.store8 (global.get $block) (call $emit_event
        (i32.const 672) (i32.const 1) (i32.const 664) (i32.const 5) (global.get $block) (i32.const 1)))
      (call $require (call $block_create (global.get $result) (i64.const 0x71) (global.get $block) (i32.const 1)))
      (return (i32.load (global.get $result)))))

    (if (i64.eq (local.get $method) (i64.const 5)) (then
      (call $greet)
      (drop (call $exit (i32.const 23) (i32.const 0) (i32.const 0) (i32.const 0)))))

    ;; USR_UNHANDLED_MESSAGE
    (drop (call $exit (i32.const 22) (i32.const 0) (i32.const 32) (i32.const 14)))
    unreachable)

  (func $greet
    (call $require (call $emit_event
      (i32.const 512) (i32.const 2) (i32.const 560) (i32.const 7) (i32.const 567) (i32.const 13))))

  (func $require (param $error i32)
    (if (local.get $error) (then
      (drop (call $exit (i32.const 24) (i32.const 0) (i32.const 0) (i32.const 16)))))))
