import { isPage, toMeantPage } from '../api/pages.ts'
import type { Assets } from '../ports.ts'
import { acceptsHtml } from './accept.ts'
import { isApiPath } from './paths.ts'

/**
 * What is no endpoint: a file, a page, or for people with a browser a page that says that there is nothing, with status
 * 404. null for programs, which get a problem document.
 */
export async function toSiteAnswer(assets: Assets, request: Request, path: string): Promise<Response | null> {
  const isPerson = acceptsHtml(request.headers.get('accept'))
  const meant = isPerson ? toMeantPage(path) : null
  if (meant !== null) return new Response(null, { status: 302, headers: { location: meant } })
  const file = isApiPath(path) ? null : await assets(request, path)
  if (file !== null) return file
  if (isPage(path)) return assets(request, '/')
  if (!isPerson) return null
  // Without the caller's conditions: "not modified" would be no answer to what does not exist.
  const page = await assets(new Request(request.url, { method: request.method }), '/')
  return page && new Response(page.body, { status: 404, headers: page.headers })
}
