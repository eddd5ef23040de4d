// The packages of the peers are large and have conflicting dependencies: each has its own folder,
// which a benchmark installs when needed.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** Installs a peer if it is missing. Returns its folder. */
export function installPeer(peer) {
  const folder = fileURLToPath(new URL(`peers/${peer}/`, import.meta.url))
  if (!existsSync(`${folder}node_modules`)) {
    console.log(`installing ${peer} …`)
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
    })
  }
  return folder
}

/** Imports a module of a peer. */
export function fromPeer(peer, module) {
  return import(pathToFileURL(createRequire(installPeer(peer)).resolve(module)))
}
