// OpenCV behind a C interface. Filled by the imaging engine.
