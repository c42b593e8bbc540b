/** A comparison of one field, or a group of them. Fields and values are the compatible API's (whole CSPR, ISO times). */
export type Condition =
  | { readonly op: 'and' | 'or'; readonly conditions: readonly Condition[] }
  | {
      readonly op: 'eq' | 'neq' | 'gt' | 'gte' | 'lt' | 'lte'
      readonly field: string
      readonly value: FilterValue | null
    }
  | { readonly op: 'inq' | 'nin'; readonly field: string; readonly values: readonly FilterValue[] }
  | { readonly op: 'between'; readonly field: string; readonly low: FilterValue; readonly high: FilterValue }
  | {
      readonly op: 'like' | 'nlike' | 'ilike' | 'nilike'
      readonly field: string
      readonly pattern: string
    }
  | { readonly op: 'regexp'; readonly field: string; readonly pattern: string; readonly ignoreCase: boolean }
  | { readonly op: 'exists'; readonly field: string; readonly value: boolean }

export type FilterValue = string | number | boolean

/** A parsed filter of `/block` or `/era`: every name in it is known to be a field of the endpoint. */
export interface Filter {
  readonly where: Condition | null
  readonly order: readonly { readonly field: string; readonly direction: 'ASC' | 'DESC' }[]
  /** null: all fields. */
  readonly fields: readonly string[] | null
  readonly limit: number
  readonly skip: number
}
