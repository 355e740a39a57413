;; init: the machine knows this actor by its code; the examples call no method of it.
(module
  (memory (export "memory") 1)
  (data (i32.const 0) "init")
  (func (export "invoke") (param i32) (result i32)
    unreachable))
