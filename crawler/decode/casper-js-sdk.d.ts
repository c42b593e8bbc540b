/**
 * The part of the SDK that we use. Its own typings are TypeScript sources with enums, which a compiler set to
 * erasable syntax refuses; `paths` in tsconfig.json puts these in their place. The package is CommonJS: one default
 * export holds everything.
 */
declare const sdk: {
  readonly CLValueParser: {
    /** Decodes `bytes` by `cl_type`; the `parsed` member is not needed. */
    fromJSON(value: { readonly cl_type: unknown; readonly bytes: string }): { toString(): string }
  }
}
export default sdk
