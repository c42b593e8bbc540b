/* The parts of Deno that this folder uses: its own types would clash with those of Workers. */

declare namespace Deno {
  interface NetAddr {
    readonly hostname: string
    readonly port: number
  }
  interface ServeHandlerInfo {
    readonly remoteAddr: NetAddr
  }
  interface HttpServer {
    readonly addr: NetAddr
    readonly finished: Promise<void>
    /** Takes no more requests and waits for those under way. */
    shutdown(): Promise<void>
  }
  function serve(
    options: {
      port: number
      hostname: string
      automaticCompression?: boolean
      onListen?: (address: NetAddr) => void
    },
    handler: (request: Request, info: ServeHandlerInfo) => Response | Promise<Response>,
  ): HttpServer

  type KvKey = readonly (string | number)[]
  interface KvEntry<T> {
    readonly key: KvKey
    readonly value: T | null
  }
  interface AtomicOperation {
    set(key: KvKey, value: unknown, options?: { expireIn?: number }): this
    delete(key: KvKey): this
    commit(): Promise<unknown>
  }
  interface Kv {
    get<T>(key: KvKey): Promise<KvEntry<T>>
    getMany<T extends readonly unknown[]>(keys: readonly KvKey[]): Promise<{ [K in keyof T]: KvEntry<T[K]> }>
    list<T>(selector: { prefix: KvKey }, options?: { batchSize?: number }): AsyncIterable<KvEntry<T>>
    atomic(): AtomicOperation
    delete(key: KvKey): Promise<void>
    close(): void
  }
  function openKv(path?: string): Promise<Kv>

  const env: { toObject(): Record<string, string> }
  /** Changes when the parent has ended. */
  const ppid: number
  function addSignalListener(signal: 'SIGTERM' | 'SIGINT', handler: () => void): void
  function exit(code?: number): never
  function mkdirSync(path: string, options?: { recursive?: boolean }): void
  function readFile(path: string): Promise<Uint8Array<ArrayBuffer>>
  function readDir(path: string): AsyncIterable<{ name: string; isFile: boolean; isDirectory: boolean }>
  namespace errors {
    class NotFound extends Error {}
  }
}

/** What Deno keeps of the Cache API's types. */
declare const caches: DenoCaches
interface DenoCaches {
  open(name: string): Promise<DenoCache>
  delete(name: string): Promise<boolean>
}
interface DenoCache {
  match(url: string): Promise<Response | undefined>
  put(url: string, response: Response): Promise<void>
  delete(url: string): Promise<boolean>
}
