//! A sandbox in memory for other programs: prints its endpoint and serves until it is killed.

use gcnet_sandbox::{Options, Sandbox};

#[tokio::main]
#[expect(clippy::print_stdout, reason = "the endpoint is what the caller waits for")]
async fn main() -> Result<(), gcnet_sandbox::StartError> {
    let sandbox = Sandbox::start(Options::default()).await?;
    println!("{}", sandbox.endpoint());
    std::future::pending().await
}
