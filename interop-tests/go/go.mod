module fvm.test/interop

go 1.19
