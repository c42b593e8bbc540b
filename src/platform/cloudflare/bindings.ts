/*
 * What wrangler.toml binds, in the few members that are used. What is absent is absent in a bare workerd: then that
 * part is left out.
 */

export interface KvBinding {
  get(key: string, type: 'arrayBuffer'): Promise<ArrayBuffer | null>
  put(key: string, value: Uint8Array, options?: { expirationTtl?: number }): Promise<void>
  delete(key: string): Promise<void>
}

export interface RateLimitBinding {
  limit(options: { key: string }): Promise<{ success: boolean }>
}

export interface AssetsBinding {
  fetch(request: Request): Promise<Response>
}

export interface Bindings {
  readonly VALUES?: KvBinding
  readonly LIMIT_CHEAP?: RateLimitBinding
  readonly LIMIT_LIST?: RateLimitBinding
  readonly LIMIT_SEARCH?: RateLimitBinding
  readonly ASSETS?: AssetsBinding
}

/** The Cache API of one data centre. */
export interface EdgeCache {
  match(url: string): Promise<Response | undefined>
  put(url: string, response: Response): Promise<void>
  delete(url: string): Promise<boolean>
}
