//! Small packets at once. sqlx 0.9.0 leaves Nagle's algorithm on (transact-rs/sqlx#4335, mended after it): whatever is sent in more than
//! one piece, as TLS does beyond 16 KB, then waits up to 40 ms for the server to acknowledge the first. Its sockets cannot be
//! reached through it, so they are found among those of the process. Remove this with the next sqlx.

/// Has every TCP connection of the process to that port send at once, as all drivers of databases want it.
#[cfg(unix)]
pub(crate) fn send_at_once(port: u16) {
    use std::os::fd::{BorrowedFd, RawFd};

    // Linux and macOS; without it nothing changes.
    let Ok(open) = std::fs::read_dir("/dev/fd") else { return };
    let numbers = open.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<RawFd>().ok());
    for number in numbers.collect::<Vec<_>>() {
        // SAFETY: the descriptor is used for two system calls only, which refuse one that was closed meanwhile; one that was
        // opened anew under its number gets the option only if it is such a connection, too.
        #[allow(unsafe_code)]
        let descriptor = unsafe { BorrowedFd::borrow_raw(number) };
        let socket = socket2::SockRef::from(&descriptor);
        let peer = socket.peer_addr().ok().and_then(|address| address.as_socket());
        if peer.is_some_and(|peer| peer.port() == port) {
            // What is no TCP refuses.
            let _ = socket.set_tcp_nodelay(true);
        }
    }
}

/// Has every TCP connection of the process to that port send at once: elsewhere there is no way to find them.
#[cfg(not(unix))]
pub(crate) fn send_at_once(_port: u16) {}
