//! The program.

/// Trees are many small texts made by several threads at once: the system's allocator took a quarter of a run.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    tanada::main(std::env::args_os())
}
