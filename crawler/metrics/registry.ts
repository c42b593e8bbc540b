/*
 * Metrics in Prometheus' text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/). Own code: the
 * part of the format in use is one page, and the usual client library brings the OpenTelemetry API and some forty
 * metrics whose names we would not choose into the one process that may write to the store.
 */

export type Labels = Readonly<Record<string, string>>

export interface Sample {
  readonly labels?: Labels
  readonly value: number
}

interface Metric {
  readonly name: string
  toLines(): string[]
}

export interface Counter {
  add(amount?: number, labels?: Labels): void
  /** One of its values, for what is counted thousands of times a second: labels are written out once. */
  of(labels: Labels): { add(amount?: number): void }
}

export interface Histogram {
  observe(value: number): void
}

/** A set of metrics that one page shows. Names by Prometheus' rules: base units, `_total` for what only grows. */
export class Registry {
  private readonly metrics: Metric[] = []

  counter(name: string, help: string): Counter {
    const values = new Map<string, number>()
    this.define(name, 'counter', help, () => [...values].map(([key, value]) => `${name}${key} ${value}`))
    const add = (amount: number, key: string) => values.set(key, (values.get(key) ?? 0) + amount)
    return {
      add: (amount = 1, labels = {}) => void add(amount, toBraces(labels)),
      of(labels) {
        const key = toBraces(labels)
        return { add: (amount = 1) => void add(amount, key) }
      },
    }
  }

  /** Read when the page is asked for. Values that are not known are left out. */
  gauge(name: string, help: string, read: () => readonly Sample[] | number | null): void {
    this.sampled(name, 'gauge', help, read)
  }

  /** A counter that somebody else counts, such as the CPU time of the process. */
  total(name: string, help: string, read: () => number): void {
    this.sampled(name, 'counter', help, read)
  }

  /** @param bounds upper bounds of its buckets, ascending, without the infinite one */
  histogram(name: string, help: string, bounds: readonly number[]): Histogram {
    const counts = bounds.map(() => 0)
    let sum = 0
    let count = 0
    this.define(name, 'histogram', help, () => [
      ...bounds.map((bound, i) => `${name}_bucket{le="${bound}"} ${counts[i]}`),
      `${name}_bucket{le="+Inf"} ${count}`,
      `${name}_sum ${sum}`,
      `${name}_count ${count}`,
    ])
    return {
      observe(value) {
        sum += value
        count++
        // Buckets are cumulative: a value counts in each whose bound it does not pass.
        for (const [i, bound] of bounds.entries()) if (value <= bound) counts[i] = (counts[i] ?? 0) + 1
      },
    }
  }

  toText(): string {
    return `${this.metrics.flatMap((metric) => metric.toLines()).join('\n')}\n`
  }

  private sampled(
    name: string,
    type: 'gauge' | 'counter',
    help: string,
    read: () => readonly Sample[] | number | null,
  ): void {
    this.define(name, type, help, () => {
      const found = read()
      const samples = typeof found === 'number' ? [{ value: found }] : (found ?? [])
      return samples.map(({ labels = {}, value }: Sample) => `${name}${toBraces(labels)} ${value}`)
    })
  }

  private define(name: string, type: string, help: string, toSamples: () => string[]): void {
    if (this.metrics.some((metric) => metric.name === name))
      throw new RangeError(`Two metrics are named ${name}`)
    const head = [
      `# HELP ${name} ${help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')}`,
      `# TYPE ${name} ${type}`,
    ]
    this.metrics.push({ name, toLines: () => [...head, ...toSamples()] })
  }
}

function toBraces(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

const escape = (value: string) => value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')
