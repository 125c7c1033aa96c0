// libtorch behind a C interface. Filled by the tensor engine.
