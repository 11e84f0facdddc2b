import { BarChart } from 'echarts/charts'
import { GridComponent, LegendComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

use([BarChart, GridComponent, LegendComponent, SVGRenderer])

/** A row of bars that lie on each other, the first at the axis. */
export interface Series {
  name: string
  color: string
  values: readonly number[]
}

const row = 34
/** For a screen, and for a phone, where a picture made for a screen could not be read. */
export const widths = { wide: 640, narrow: 300 } as const
const font = { fontSize: 14, color: '#172b4d', fontFamily: 'system-ui, sans-serif' }

/**
 * Lying bars as a picture (SVG). Its words are in the page's own language already; what a person cannot see in it stands
 * beside it as a table. Series of one group lie on each other; a single series is told in numbers as well.
 */
export function barChart(labels: readonly string[], groups: readonly (readonly Series[])[], width: number): string {
  const series = groups.flat()
  const legend = series.length > 1 ? Math.ceil(series.length / (width > widths.narrow ? 2 : 1)) * 24 + 16 : 8
  const height = labels.length * row * Math.max(1, groups.length * 0.8) + 40 + legend
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  try {
    chart.setOption({
      animation: false,
      backgroundColor: '#ffffff',
      textStyle: font,
      legend: { show: series.length > 1, top: 4, left: 8, textStyle: font },
      grid: { left: 8, right: 40, top: legend, bottom: 8, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
      xAxis: { type: 'value', minInterval: 1, axisLabel: { ...font, hideOverlap: true } },
      // The first row is the upper one.
      yAxis: { type: 'category', inverse: true, data: [...labels], axisLabel: font },
      series: groups.flatMap((group, index) =>
        group.map(({ name, color, values }) => ({ type: 'bar', name, stack: `group${index}`, data: [...values], itemStyle: { color }, label: { show: group.length === 1, position: 'right', ...font } })),
      ),
    })
    return chart.renderToSVGString()
  } finally {
    chart.dispose()
  }
}
