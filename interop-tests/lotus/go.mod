module fvm.test/lotus

go 1.19
