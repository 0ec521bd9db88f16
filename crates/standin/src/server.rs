//! The stand-in as a process that Terraform can attach to.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::thread::{self, JoinHandle};

use serde_json::json;
use tokio::net::TcpListener;
use tokio::runtime;
use tokio::sync::oneshot;
use tokio::task::{self, LocalSet};

use crate::grpc;
use crate::provider::{Connection, Lookups, Provider};
use crate::schema::Schema;

/// A running stand-in. It serves any number of Terraform runs, also at once, until it is dropped; what they apply
/// lives as long.
#[derive(Debug)]
pub struct Server {
    provider: String,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Server {
    /// Starts serving on a free port of the loopback interface.
    ///
    /// # Errors
    ///
    /// No port or thread is to be had.
    pub fn start(lookups: Lookups) -> io::Result<Self> {
        let schema = Schema::aws()?;
        let provider = schema.provider.clone();
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let serve = move || serve(listener, Provider::new(schema, lookups), stopped);
        let thread = thread::Builder::new().name("standin".to_owned()).spawn(serve)?;
        Ok(Self { provider, address, stop: Some(stop), thread: Some(thread) })
    }

    /// The value of `TF_REATTACH_PROVIDERS` that leads Terraform here.
    pub fn reattach(&self) -> String {
        let attachment = json!({
            "Protocol": "grpc",
            "ProtocolVersion": 6,
            "Pid": std::process::id(),
            // The process is not Terraform's own: it neither ends it nor waits for its end.
            "Test": true,
            "Addr": { "Network": "tcp", "String": self.address.to_string() },
        });
        json!({ self.provider.as_str(): attachment }).to_string()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // When the thread has ended already there is nobody to tell.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            // Whatever went wrong there Terraform has reported as a lost connection.
            let _ = thread.join();
        }
    }
}

fn serve(
    listener: std::net::TcpListener,
    provider: Provider,
    stopped: oneshot::Receiver<()>,
) -> io::Result<()> {
    let runtime = runtime::Builder::new_current_thread().enable_io().build()?;
    let accept = async {
        let listener = TcpListener::from_std(listener)?;
        let provider = Rc::new(provider);
        loop {
            let (stream, _) = listener.accept().await?;
            // Before each run Terraform connects and closes without a word, to see whether somebody is there: what
            // becomes of a connection is no concern of the server.
            task::spawn_local(grpc::serve(stream, Rc::new(Connection::new(Rc::clone(&provider)))));
        }
    };
    let until_stopped = async {
        tokio::select! {
            ended = accept => ended,
            _ = stopped => Ok(()),
        }
    };
    LocalSet::new().block_on(&runtime, until_stopped)
}
