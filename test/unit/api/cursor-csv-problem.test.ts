import { expect, test } from 'vitest'
import { toCsv } from '../../../src/api/csv.ts'
import { parseCursor, toCursor } from '../../../src/api/cursor.ts'
import { cursor as cursorParam } from '../../../src/api/params.ts'
import {
  invalidParameter,
  notFound,
  PROBLEMS,
  type ProblemCode,
  ProblemError,
  toProblem,
} from '../../../src/api/problem.ts'
import { createRandom } from '../../support/builders.ts'

test('a cursor gives back its position', () => {
  for (const position of [[0], [1, 2], [Number.MAX_SAFE_INTEGER, 65_535], [4_294_967_295, 0]]) {
    const cursor = toCursor('transfers/desc', position)
    expect(cursorParam.parse(cursor)).toBe(cursor)
    expect(parseCursor('transfers/desc', cursor, position.length)).toEqual(position)
  }
})

test('a cursor that was changed, cut, made up or taken from another list is 400', () => {
  const cursor = toCursor('blocks/desc', [123_456])
  const random = createRandom(3)
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const wrong = [
    ...[...cursor].map(
      (letter, at) => cursor.slice(0, at) + (letter === 'A' ? 'B' : 'A') + cursor.slice(at + 1),
    ),
    ...[...cursor].map((_, at) => cursor.slice(0, at)),
    `${cursor}A`,
    ...Array.from({ length: 500 }, () =>
      Array.from({ length: 1 + random(60) }, () => letters[random(64)]).join(''),
    ),
  ]
  for (const text of wrong) {
    // The last letter of base64 may carry bits that mean nothing: the same position is no harm.
    let position: number[] | undefined
    try {
      position = parseCursor('blocks/desc', text, 1)
    } catch (error) {
      expect(error).toBeInstanceOf(ProblemError)
    }
    if (position) expect(position).toEqual([123_456])
  }
  expect(() => parseCursor('blocks/asc', cursor, 1)).toThrow(ProblemError)
  expect(() => parseCursor('blocks/desc', cursor, 2)).toThrow(ProblemError)
})

test('toCsv() quotes by RFC 4180 and defuses formulas', () => {
  const text = toCsv(
    ['a', 'b'],
    [
      [1, null],
      ['x,y', 'say "hi"'],
      ['two\r\nlines', undefined],
      ['=SUM(A1)', '-12.5'],
      [true, { 0: 3 }],
      ['@x', '+1'],
    ],
  )
  expect(text).toBe(
    'a,b\r\n1,\r\n"x,y","say ""hi"""\r\n"two\r\nlines",\r\n\'=SUM(A1),-12.5\r\ntrue,"{""0"":3}"\r\n\'@x,\'+1\r\n',
  )
})

test('every problem has a page, a status and the compatible member', () => {
  for (const code of Object.keys(PROBLEMS) as ProblemCode[]) {
    const problem = toProblem(code, 'What happened.')
    expect(problem.type).toBe(`/docs/problems#${code}`)
    expect(problem.error.statusCode).toBe(problem.status)
    expect(problem.error.message).toBe('What happened.')
  }
})

test('a fault of ours tells no more than the compatible API did', () => {
  expect(toProblem('internal', 'Internal Server Error').error).toEqual({
    statusCode: 500,
    message: 'Internal Server Error',
  })
})

test('the known words are kept, and long values are cut', () => {
  expect(notFound('Era', 999).problem.error).toEqual({
    statusCode: 404,
    name: 'Error',
    message: 'Entity not found: Era with id 999',
    code: 'ENTITY_NOT_FOUND',
  })
  expect(invalidParameter('a', ['1', '2'], 'one').problem.error.message).toBe(
    'Invalid data ["1","2"] for parameter "a".',
  )
  expect(invalidParameter('a', 'x'.repeat(100_000), 'one').problem.detail.length).toBeLessThan(300)
})
