//! `rand::rng()` in forked workers. NOT safe unless each worker reseeds it.
//!
//! A thread's generator is seeded from the system when it is first used. A fork copies it with all
//! memory: workers forked from one parent draw the same words. (Fork without exec is what pre-forking
//! servers and daemons do; threads each have their own generator.)
//!
//! ```text
//! cargo build --example fork_thread_rng
//! seedbench audit --pool --workers 8 --runs 2 -- target/debug/examples/fork_thread_rng inherit
//! seedbench audit --pool --workers 8 --runs 2 -- target/debug/examples/fork_thread_rng reseed
//! ```

#[cfg(unix)]
fn main() {
    use nix::{
        sys::wait::waitpid,
        unistd::{ForkResult, fork},
    };
    use rand::Rng;

    let reseed = match std::env::args().nth(1).as_deref() {
        Some("inherit") => false,
        Some("reseed") => true,
        _ => panic!("say `inherit` or `reseed`"),
    };
    let workers = std::env::var("SEEDBENCH_WORKERS").map_or(8, |text| text.parse().unwrap());
    // The parent uses its generator, and so has one to hand down.
    let _ = rand::rng().next_u64();
    println!("worker,value");
    for worker in 0..workers {
        // SAFETY: this process has a single thread.
        match unsafe { fork() }.expect("a process can be forked") {
            ForkResult::Parent { child } => {
                // One after the other, so that their lines do not mix.
                waitpid(child, None).expect("the worker was started above");
            }
            ForkResult::Child => {
                let mut rng = rand::rng();
                if reseed {
                    rng.reseed().expect("the system has entropy");
                }
                for _ in 0..256 {
                    println!("{worker},{}", rng.next_u64());
                }
                return;
            }
        }
    }
}

#[cfg(not(unix))]
fn main() {
    panic!("this system cannot fork");
}
