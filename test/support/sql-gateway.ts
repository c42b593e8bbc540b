import { Client } from '@planetscale/database'
import { onTestFinished } from 'vitest'
import {
  createSqlGateway,
  type GatewayEvent,
  type SqlGatewayOptions,
} from '../../crawler/sql-gateway/gateway.ts'

export const USER = 'edge'
export const PASSWORD = 'a.long~enough_test-password'

export interface RunningGateway {
  url: string
  /** with user and password in it, as `new Client({ url })` takes it */
  clientUrl: string
  client: Client
  events: GatewayEvent[]
  /** posts to Execute without the client's help */
  post(body: unknown, init?: RequestInit): Promise<Response>
  close(): Promise<void>
}

/** A gateway on a free port, closed when the test has finished, or by `close`. Only inside a test. */
export async function startGateway(
  databaseUrl: string,
  options: Partial<Omit<SqlGatewayOptions, 'databaseUrl'>> = {},
): Promise<RunningGateway> {
  const events: GatewayEvent[] = []
  const gateway = createSqlGateway({
    databaseUrl,
    user: USER,
    password: PASSWORD,
    log: (event) => events.push(event),
    ...options,
  })
  await gateway.listen(0)
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= gateway.close()
    return closing
  }
  onTestFinished(close)
  const url = gateway.url
  const clientUrl = url.replace('//', `//${USER}:${PASSWORD}@`)
  return {
    url,
    clientUrl,
    client: new Client({ url: clientUrl }),
    events,
    post: (body, init) =>
      fetch(`${url}/psdb.v1alpha1.Database/Execute`, {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers: { authorization: basic(USER, PASSWORD) },
        ...init,
      }),
    close,
  }
}

export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}
