import { paths } from 'virtual:endpoints'
import { createClient } from './client.ts'

/** The API on the site's own origin. */
export const api = createClient(paths, (url, init) => fetch(url, init))
