const told = new Set<string>()

/** Tells the developer once per process, as Node tells its own warnings. */
export function warn(warnings: string[]): void {
  for (const warning of warnings) {
    if (told.has(warning)) continue
    told.add(warning)
    process.emitWarning(warning, { type: 'ReceptionistWarning' })
  }
}
