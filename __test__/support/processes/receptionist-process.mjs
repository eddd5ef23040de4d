// A receptionist in its own process, with webhooks over HTTP. `node receptionist-process.mjs
// <options as JSON>` prints its address.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { AIReceptionist } from '../../../index.js'

const receptionist = new AIReceptionist(JSON.parse(process.argv[2]))
await receptionist.initialize()
const server = createServer(receptionist.webhooks).listen(0, '127.0.0.1')
await once(server, 'listening')
// The parent process has died, so this process must exit.
process.once('disconnect', () => process.exit())
process.send(`http://127.0.0.1:${server.address().port}`)
