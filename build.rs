//! Links the Node.js addon.

fn main() {
    napi_build::setup();
}
