//! The program.

fn main() -> std::process::ExitCode {
    tanada::main(std::env::args_os())
}
