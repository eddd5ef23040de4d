// `npm run build:native`: builds the addon for release.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const isWindows = process.platform === 'win32'
// Windows cannot run the shell script, so its addon is a little larger.
const env = isWindows ? {} : { CARGO: fileURLToPath(new URL('cargo-addon.sh', import.meta.url)) }
const args = [
  'build',
  '--platform',
  '--release',
  '--js',
  'binding.js',
  '--dts',
  'binding.d.ts',
  ...process.argv.slice(2),
]
const { status, error } = spawnSync('napi', args, {
  stdio: 'inherit',
  env: { ...process.env, ...env },
  shell: isWindows,
})
if (error) throw error
process.exitCode = status ?? 1
