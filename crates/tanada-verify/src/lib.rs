//! The witness: reads an emitted tree back, knowing nothing of who wrote it. Under construction.
