// What the charts use of ECharts: its own types import without extensions, which Node's resolution does not find.
declare module 'echarts/core' {
  interface Chart {
    setOption(option: object): void
    renderToSVGString(): string
    dispose(): void
  }
  export function use(parts: readonly unknown[]): void
  export function init(dom: null, theme: null, options: { renderer: 'svg'; ssr: true; width: number; height: number }): Chart
}
declare module 'echarts/charts' {
  export const BarChart: unknown
}
declare module 'echarts/components' {
  export const GridComponent: unknown
  export const LegendComponent: unknown
}
declare module 'echarts/renderers' {
  export const SVGRenderer: unknown
}
