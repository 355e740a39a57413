;; failing: fails in each way that an actor can.
;;   method 2   exits with code 42 and a message
;;   method 3   exits with code 42 and a block of data
;;   method 4   exits with code 7, which is the machine's: SYS_ILLEGAL_EXIT_CODE
;;   method 5   returns a block that does not exist: SYS_MISSING_RETURN
;;   method 6   unreachable: SYS_ILLEGAL_INSTRUCTION, as the next ones up to 13
;;   method 7   divides by zero
;;   method 8   divides the lowest number by -1
;;   method 9   reads outside its memory
;;   method 10  calls through an empty table element
;;   method 11  calls through the table with another signature
;;   method 12  recurses without end: the stack limit
;;   method 13  converts NaN to an integer
;;   method 14  loops without end: SYS_OUT_OF_GAS
;;   method 15  asks for 600 MiB of memory, more than an actor may have, and returns what memory.grow gives
;;   method 16  ignores what a syscall refuses (an unknown hash function), and returns the error number
(module
  (type $nothing (func))
  (type $number (func (result i32)))
  (import "vm" "message_context" (func $message_context (param i32) (result i32)))
  (import "vm" "exit" (func $exit (param i32 i32 i32 i32) (result i32)))
  (import "ipld" "block_create" (func $block_create (param i32 i64 i32 i32) (result i32)))
  (import "crypto" "hash" (func $hash (param i32 i64 i32 i32 i32 i32) (result i32)))

  (memory (export "memory") 1)
  (table 4 funcref)
  (elem (i32.const 1) $recurse)
  (data (i32.const 0) "failing, as it was told")
  (data (i32.const 32) "no such method")

  (global $result i32 (i32.const 64))
  (global $block i32 (i32.const 320))

  (func (export "invoke") (param $params i32) (result i32)
    (local $method i32)
    (drop (call $message_context (global.get $result)))
    (local.set $method (i32.load offset=32 (global.get $result)))
    (block $16 (block $15 (block $14 (block $13 (block $12 (block $11 (block $10 (block $9
    (block $8 (block $7 (block $6 (block $5 (block $4 (block $3 (block $2 (block $other
      (br_table $other $other $2 $3 $4 $5 $6 $7 $8 $9 $10 $11 $12 $13 $14 $15 $16 $other (local.get $method)))
      ;; USR_UNHANDLED_MESSAGE
      (drop (call $exit (i32.const 22) (i32.const 0) (i32.const 32) (i32.const 14)))
      unreachable)
      (; 2 ;) (drop (call $exit (i32.const 42) (i32.const 0) (i32.const 0) (i32.const 23))) unreachable)
      (; 3 ;) (drop (call $exit (i32.const 42) (call $small (i32.const 5)) (i32.const 0) (i32.const 23))) unreachable)
      (; 4 ;) (drop (call $exit (i32.const 7) (i32.const 0) (i32.const 0) (i32.const 23))) unreachable)
      (; 5 ;) (return (i32.const 999)))
      (; 6 ;) unreachable)
      (; 7 ;) (return (i32.div_u (i32.const 1) (i32.load (global.get $block)))))
      (; 8 ;) (return (i32.div_s (i32.const 0x80000000) (i32.sub (i32.load (global.get $block)) (i32.const 1)))))
      (; 9 ;) (return (i32.load (i32.const 65533))))
      (; 10 ;) (call_indirect (type $nothing) (i32.const 0)) (return (i32.const 0)))
      (; 11 ;) (return (call_indirect (type $number) (i32.const 1))))
      (; 12 ;) (call $recurse) (return (i32.const 0)))
      (; 13 ;) (return (i32.trunc_f64_s (f64.div (f64.const 0) (f64.convert_i32_u (i32.load (global.get $block)))))))
      (; 14 ;) (loop $forever (br $forever)) unreachable)
      (; 15 ;) (return (call $small (i32.and (memory.grow (i32.const 9600)) (i32.const 0xff)))))
      (; 16 ;) (return (call $small (call $hash
        (global.get $result) (i64.const 0x99) (i32.const 0) (i32.const 4) (global.get $block) (i32.const 32)))))

  (func $recurse (call $recurse))

  ;; A block with a number below 256 in CBOR.
  (func $small (param $number i32) (result i32)
    (i32.store8 (global.get $block) (i32.const 0x18))
    (i32.store8 offset=1 (global.get $block) (local.get $number))
    (drop (call $block_create (global.get $result) (i64.const 0x71)
      (i32.add (global.get $block) (i32.lt_u (local.get $number) (i32.const 24)))
      (i32.sub (i32.const 2) (i32.lt_u (local.get $number) (i32.const 24)))))
    (i32.load (global.get $result))))
