//! The TCP sockets of this process, which sqlx does not expose: their ends, and Nagle's algorithm.
//!
//! sqlx 0.9.0 leaves Nagle's algorithm on (transact-rs/sqlx#4335, fixed after it). Data sent in
//! several pieces, as TLS does beyond 16 KB, then waits up to 40 ms until the server acknowledges
//! the first.

use std::net::SocketAddr;

/// Disables Nagle's algorithm on every TCP connection of the process to that port, as all database
/// drivers do. Remove this with the next sqlx.
#[cfg(unix)]
pub(crate) fn disable_nagle(port: u16) {
    connected(|socket, _, peer| {
        if peer.port() == port {
            // Sockets other than TCP refuse it.
            let _ = socket.set_tcp_nodelay(true);
        }
    });
}

/// Returns `true` if this process has a connection with these ends.
#[cfg(unix)]
pub(crate) fn is_connected(local: SocketAddr, peer: SocketAddr) -> bool {
    let mut found = false;
    connected(|_, this_end, that_end| found |= same(this_end, local) && same(that_end, peer));
    found
}

/// Does nothing, because other systems do not list the sockets of a process.
#[cfg(not(unix))]
pub(crate) fn disable_nagle(_port: u16) {}

/// Returns `false`, because other systems do not list the sockets of a process.
#[cfg(not(unix))]
pub(crate) fn is_connected(_local: SocketAddr, _peer: SocketAddr) -> bool {
    false
}

/// Returns `true` if both are the same address. An IPv6 socket shows IPv4 addresses in mapped form.
#[cfg(unix)]
fn same(one: SocketAddr, other: SocketAddr) -> bool {
    one.port() == other.port() && one.ip().to_canonical() == other.ip().to_canonical()
}

/// Calls a function with every connected socket of the process and the addresses of its two ends.
#[cfg(unix)]
fn connected(mut each: impl FnMut(&socket2::Socket, SocketAddr, SocketAddr)) {
    use std::os::fd::{BorrowedFd, RawFd};

    // Linux and macOS.
    let Ok(open) = std::fs::read_dir("/dev/fd") else { return };
    let numbers = open.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<RawFd>().ok());
    for number in numbers.collect::<Vec<_>>() {
        // SAFETY: the descriptor is used for a few system calls only, which fail if it was closed
        // meanwhile. If its number was reused, the new socket is treated as what it is.
        #[allow(unsafe_code)]
        let descriptor = unsafe { BorrowedFd::borrow_raw(number) };
        let socket = socket2::SockRef::from(&descriptor);
        let end = |address: std::io::Result<socket2::SockAddr>| address.ok()?.as_socket();
        if let (Some(local), Some(peer)) = (end(socket.local_addr()), end(socket.peer_addr())) {
            each(&socket, local, peer);
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    fn recognises_connections_by_both_ends() {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let there = server.local_addr().unwrap();
        let stream = TcpStream::connect(there).unwrap();
        let here = stream.local_addr().unwrap();
        assert!(is_connected(here, there));
        let mapped = |address: SocketAddr| {
            SocketAddr::new(format!("::ffff:{}", address.ip()).parse().unwrap(), address.port())
        };
        assert!(is_connected(mapped(here), there));
        assert!(!is_connected(here, SocketAddr::new(there.ip(), there.port() ^ 1)));
        assert!(!is_connected(SocketAddr::new("127.0.0.2".parse().unwrap(), here.port()), there));
        drop(stream);
        assert!(!is_connected(here, there));
    }
}
