declare module 'virtual:endpoints' {
  /** Name to path, made by `build/endpoints.ts` from the endpoint list. */
  export const paths: Readonly<Record<import('../src/api/endpoints.ts').EndpointName, string>>
}

declare module '*.css'

/** frappe-charts ships no types: only what `widgets/chart/draw.ts` touches. */
declare module 'frappe-charts' {
  export interface DrawnSet {
    values: number[]
    yPositions: number[]
    cumulativeYs: number[]
    cumulativeYPos: number[]
    name: string
    index: number
    chartType: 'bar' | 'line'
  }
  export interface ChartState {
    datasetLength: number
    datasets: DrawnSet[]
    xAxis: { positions: number[] }
    yAxis: { labels: string[]; positions: number[]; scaleMultiplier: number; zeroLine: number }
    yExtremes: number[]
  }
  export interface ChartInput {
    labels: string[]
    datasets: { name: string; chartType: 'bar' | 'line'; values: number[] }[]
  }
  export class Chart {
    constructor(parent: HTMLElement, options: Record<string, unknown>)
    data: ChartInput
    state: ChartState
    measures: {
      margins: Record<'top' | 'bottom' | 'left' | 'right', number>
      paddings: Record<'top' | 'bottom' | 'left' | 'right', number>
      titleHeight: number
      legendHeight: number
    }
    config: { showLegend: number }
    height: number
    width: number
    svg: SVGSVGElement
    calcYAxisParameters: () => void
    render: (components?: unknown, animate?: boolean) => void
    draw(onlyWidthChange?: boolean, init?: boolean): void
    update(data: ChartInput): void
    destroy(): void
  }
}
