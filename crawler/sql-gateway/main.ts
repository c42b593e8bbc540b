import { exitWithParent } from '../orphan.ts'
import { parseConfig } from './config.ts'
import { createSqlGateway } from './gateway.ts'

/** One JSON object a line, on standard output: what a log collector wants. */
function say(line: object): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`)
}

function stopWith(reason: string): never {
  process.stderr.write(`sql-gateway: ${reason}\n`)
  process.exit(1)
}

try {
  const config = parseConfig(process.env)
  const gateway = createSqlGateway({ ...config, log: say })
  await gateway.listen(config.port, config.host)
  say({ event: 'ready', url: gateway.url })

  exitWithParent(() => process.exit(1))
  let stopping = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) return
      stopping = true
      say({ event: 'stopping', signal })
      gateway.close().then(
        () => process.exit(0),
        () => stopWith('it could not stop cleanly.'),
      )
    })
  }
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') stopWith('GATEWAY_PORT is taken by another program.')
  if (code === 'EADDRNOTAVAIL') stopWith('GATEWAY_HOST is not an address of this machine.')
  stopWith(message)
}
