import { useEffect, useMemo, useRef, useState } from 'react';
import UPlot from 'uplot';
import { number } from './time.tsx';

export interface Point {
  /** What the point stands for: a run. */
  readonly id: string;
  /** Ms since the epoch. */
  readonly at: number;
  readonly label: string;
  readonly values: readonly number[];
}

interface PlotProps {
  readonly title: string;
  /** The names of the values of a point, in order: at most three. */
  readonly series: readonly string[];
  /** Oldest first. */
  readonly points: readonly Point[];
  readonly format?: (value: number) => string;
  readonly onOpen: (id: string) => void;
}

const height = 150;

/** Lines over time. A point that is clicked is opened; the same values stand in a table, for keyboard and ear. */
export default function Plot({ title, series, points, format = number, onOpen }: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const scheme = useColorScheme();
  const data = useMemo(
    () => [
      points.map(({ at }) => at / 1000),
      ...series.map((_, index) => points.map(({ values }) => values[index] ?? 0)),
    ],
    [points, series],
  );

  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const style = getComputedStyle(element);
    const colour = (name: string): string => resolved(element, style.getPropertyValue(name));
    const axis = {
      stroke: colour('--text-muted'),
      grid: { stroke: colour('--border'), width: 1 },
      ticks: { show: false },
      font: `11px ${style.fontFamily}`,
    };
    const plot = new UPlot(
      {
        width: Math.max(element.clientWidth, 160),
        height,
        legend: { show: false },
        cursor: { y: false, points: { size: 7 } },
        padding: [8, 8, 0, 0],
        axes: [
          {
            ...axis,
            size: 28,
            space: 64,
            values: (_, ticks, __, ___, step) => ticks.map((second) => tick(second, step)),
          },
          {
            ...axis,
            size: 52,
            space: 36,
            incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 50_000, 100_000, 500_000, 1_000_000],
            values: (_, values) => values.map(format),
          },
        ],
        scales: { y: { range: (_, __, max) => [0, Math.max(max, 1) * 1.1] } },
        series: [
          {},
          ...series.map((label, index) => ({
            label,
            stroke: colour(`--series-${String(index + 1)}`),
            width: 1.5,
            points: { show: true, size: 5, fill: colour(`--series-${String(index + 1)}`) },
          })),
        ],
      },
      data as UPlot.AlignedData,
      element,
    );
    const open = (): void => {
      const point = points[plot.cursor.idx ?? -1];
      if (point !== undefined) onOpen(point.id);
    };
    plot.over.addEventListener('click', open);
    const observer = new ResizeObserver(() => plot.setSize({ width: Math.max(element.clientWidth, 160), height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [data, format, onOpen, points, scheme, series]);

  return (
    <figure className="plot" aria-label={title}>
      <figcaption className="row spread">
        <h3>{title}</h3>
        <ul className="legend">
          {series.map((name, index) => (
            <li key={name} className={`series-${String(index + 1)}`}>
              {name}
            </li>
          ))}
        </ul>
      </figcaption>
      <div className="plot-canvas" ref={place} aria-hidden="true" />
      <details>
        <summary>As a table</summary>
        <PlotTable title={title} series={series} points={points} format={format} onOpen={onOpen} />
      </details>
    </figure>
  );
}

function PlotTable({ title, series, points, format = number, onOpen }: PlotProps) {
  return (
    <div className="table-scroll plot-table">
      <table>
        <caption className="visually-hidden">{title}</caption>
        <thead>
          <tr>
            <th scope="col">Run</th>
            {series.map((name) => (
              <th key={name} scope="col" className="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {points.toReversed().map(({ id, label, values }) => (
            <tr key={id}>
              <th scope="row">
                <button type="button" className="link" onClick={() => onOpen(id)}>
                  {label}
                </button>
              </th>
              {series.map((name, index) => (
                <td key={name} className="number">
                  {format(values[index] ?? 0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const days = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const seconds = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', hourCycle: 'h23' });
const minutes = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** The day, or within one day the time. Both in seconds since the epoch. */
function tick(second: number, step: number): string {
  return (step < 60 ? seconds : step < 86_400 ? minutes : days).format(second * 1000);
}

/** A canvas knows no `light-dark()`: the colour as it is in the scheme of this moment. */
function resolved(element: HTMLElement, colour: string): string {
  const probe = document.createElement('span');
  probe.style.color = colour;
  element.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

function useColorScheme(): 'light' | 'dark' {
  const [isDark, setIsDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const change = (): void => setIsDark(query.matches);
    query.addEventListener('change', change);
    return () => query.removeEventListener('change', change);
  }, []);
  return isDark ? 'dark' : 'light';
}
