"""One foreign tongue a module: wire documents in, a command out, the answer in that tongue."""
