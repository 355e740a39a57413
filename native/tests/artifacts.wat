;; Leaves a small artifact, and one that takes several writes. For scripts/test-files.
(module
  (import "debug" "store_artifact" (func $store_artifact (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 4)
  (data (i32.const 0) "smalllarge")
  (func (export "invoke") (param i32) (result i32)
    (memory.fill (i32.const 1024) (i32.const 0x61) (i32.const 200000))
    (if (call $store_artifact (i32.const 0) (i32.const 5) (i32.const 0) (i32.const 10)) (then unreachable))
    (if (call $store_artifact (i32.const 5) (i32.const 5) (i32.const 1024) (i32.const 200000)) (then unreachable))
    (i32.const 0)))
