const NAME = '@loctelli/ai-receptionist'

/** Platforms that have a package with the native core. */
const PLATFORMS = ['linux-x64-gnu', 'linux-arm64-gnu', 'darwin-x64', 'darwin-arm64', 'win32-x64-msvc']

/**
 * Creates the error thrown when the native core cannot be loaded, with the likely causes and fixes.
 */
export function addonMissing(cause: unknown): Error {
  const platform = platformOf(process)
  const here = `Node.js ${process.version} on ${platform}`
  const error = new Error(
    PLATFORMS.includes(platform) ? missing(here, `${NAME}-${platform}`) : unsupported(here),
    { cause },
  )
  return Object.assign(error, { code: 'ADDON_NOT_LOADED' })
}

function missing(here: string, expected: string): string {
  return `The compiled core of ${NAME} cannot be loaded (${here}). It is in the package ${expected}, \
an optional dependency, which npm installs along. Usual causes: it was left out (npm install --omit=optional); node_modules or the lock \
file came from another operating system (delete both and install here, in a container inside of it); or a bundler packed \
${NAME} into your program (keep it external: docs/bundlers.md).`
}

function unsupported(here: string): string {
  return `There is no compiled core of ${NAME} for this platform (${here}), only for ${PLATFORMS.join(', ')}. \
On Alpine and other systems with musl, use an image with glibc, such as node:22-slim.`
}

/** Returns the platform as npm names it: operating system, processor, C library. */
function platformOf({ platform, arch, report }: NodeJS.Process): string {
  if (platform === 'win32') return `${platform}-${arch}-msvc`
  if (platform !== 'linux') return `${platform}-${arch}`
  const { header } = report?.getReport() as { header?: { glibcVersionRuntime?: string } }
  return `${platform}-${arch}-${header?.glibcVersionRuntime ? 'gnu' : 'musl'}`
}
