import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const read = (path: string) => readFileSync(new URL(`../../../site/${path}`, import.meta.url), 'utf8')

describe('theme', () => {
  it('is read before the first paint by the key that it is kept under', () => {
    const key = /const KEY = '(\w+)'/.exec(read('state/theme.ts'))?.[1]
    expect(key).toBeDefined()
    expect(read('public/theme.js')).toContain(`localStorage.getItem('${key}')`)
  })
})
