import { invalidFilter } from '../api/filter-error.ts'
import { FilterValueError } from '../store/errors.ts'

/** A value that only the store could judge (a regular expression of its engine) is the asker's fault all the same. */
export async function askFilter<T>(question: () => T | Promise<T>): Promise<T> {
  try {
    return await question()
  } catch (error) {
    if (error instanceof FilterValueError) throw invalidFilter(`${error.message}.`, undefined, error.value)
    throw error
  }
}
