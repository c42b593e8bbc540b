import { expect, test } from 'vitest'
import { acceptsHtml, prefersCsv } from '../../../src/middleware/accept.ts'

const CHROME =
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7'

test.each([
  [null, false],
  ['', false],
  ['*/*', false],
  [CHROME, false],
  ['application/json', false],
  ['text/csv', true],
  ['Text/CSV', true],
  ['text/csv; header=present', true],
  ['text/csv;q=0', false],
  ['text/csv;q=0.0', false],
  ['text/csv; Q=0, */*', false],
  ['application/json;q=0, text/csv;q=0', false],
  ['text/csv;q=0, text/*', false],
  // The more specific range speaks for a type, and what is named goes before a wildcard of the same worth.
  ['text/csv, */*', true],
  ['text/csv;q=0.1, */*', false],
  ['*/*, application/json;q=0.1', true],
  ['text/*', true],
  ['text/csv, application/json', false],
  ['application/json, text/csv', false],
  ['text/csv, application/json;q=0.9', true],
  ['text/csv;q=0.5, application/json;q=0.9', false],
  ['text/csvx', false],
  [',;q=0,=,"', false],
])('prefersCsv(%j)', (header, expected) => {
  expect(prefersCsv(header)).toBe(expected)
})

test.each([
  [null, false],
  [CHROME, true],
  ['TEXT/HTML', true],
  ['text/html;q=0', false],
  ['*/*', false],
])('acceptsHtml(%j)', (header, expected) => {
  expect(acceptsHtml(header)).toBe(expected)
})
