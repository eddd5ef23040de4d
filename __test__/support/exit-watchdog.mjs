// Ends every test file, with an error if it did not end by itself. Every test file loads this
// (`ava.require`). ava's own limit does not cover the rest of a run once a test has raised its limit
// by `t.timeout`, so a process that stays alive would stop the run for ever.
import { registerCompletionHandler } from 'ava'

/** Time in which a process must end after its last test. */
const EXIT_TIMEOUT_MS = 30_000
/** Time in which a test file must complete. */
const FILE_TIMEOUT_MS = Number(process.env.TEST_FILE_MINUTES ?? 15) * 60_000

function endAfter(milliseconds, problem) {
  const end = () => {
    const open = process.getActiveResourcesInfo()
    console.error(`${problem} within ${milliseconds / 1000} s; open handles: ${open.join(', ') || 'none'}`)
    process.exit(1)
  }
  setTimeout(end, milliseconds).unref()
}

endAfter(FILE_TIMEOUT_MS, 'The tests did not complete')
registerCompletionHandler(() => endAfter(EXIT_TIMEOUT_MS, 'The process did not end after its tests'))
