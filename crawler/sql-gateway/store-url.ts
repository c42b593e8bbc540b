import type { ConnectionOptions } from 'mysql2'

export interface StoreAddress
  extends Pick<ConnectionOptions, 'host' | 'port' | 'user' | 'password' | 'socketPath' | 'ssl'> {
  database: string
}

/**
 * mysql2 would take every option from a URL's query, among them multipleStatements; here only the way to the
 * store can be told: `?socketPath=/run/db.sock`, `?ssl=true`.
 *
 * @throws Error in one sentence that does not repeat the URL, which holds a password
 */
export function parseStoreUrl(text: string): StoreAddress {
  if (!URL.canParse(text)) throw new Error('must be a URL like mysql://user:password@host:3306/database')
  const url = new URL(text)
  if (url.protocol !== 'mysql:' && url.protocol !== 'mariadb:') throw new Error('must begin with mysql://')
  const database = decodeURIComponent(url.pathname.slice(1))
  if (database === '') throw new Error('must name a database after the last slash')

  const address: StoreAddress = {
    host: decodeURIComponent(url.hostname.replace(/^\[(.*)\]$/, '$1')),
    port: Number(url.port || 3306),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database,
  }
  for (const [name, value] of url.searchParams) {
    if (name === 'socketPath') address.socketPath = value
    else if (name === 'ssl' && value === 'true') address.ssl = { rejectUnauthorized: true }
    else throw new Error(`cannot set "${name}": only socketPath and ssl=true are known`)
  }
  return address
}
