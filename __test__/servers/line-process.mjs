// A receptionist in a process of its own, which may be killed at any moment: its webhooks over HTTP.
// `node line-process.mjs <options as JSON>` prints its address.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { AIReceptionist } from '../../index.js'

const receptionist = new AIReceptionist(JSON.parse(process.argv[2]))
await receptionist.initialize()
const server = createServer(receptionist.webhooks).listen(0, '127.0.0.1')
await once(server, 'listening')
// Who started it has died: nobody else would end it.
process.once('disconnect', () => process.exit())
process.send(`http://127.0.0.1:${server.address().port}`)
