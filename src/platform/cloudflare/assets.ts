import type { Assets } from '../../ports.ts'
import type { AssetsBinding } from './bindings.ts'

/** The site's files, from the platform's own server of them. */
export function createAssets(files: AssetsBinding): Assets {
  return async (request, path) => {
    const url = new URL(request.url)
    url.pathname = path
    const response = await files.fetch(new Request(url, request))
    return response.status === 404 ? null : response
  }
}
