import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import packedChromium from '@sparticuz/chromium';
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { builtConsolePage } from '../../../scripts/build/console-page.ts';
import { type FakeApi, startFakeApi } from './fake-api.ts';
import type { FakeWorld } from './fake-world.ts';

export interface TestConsole {
  readonly api: FakeWorld;
  readonly page: Page;
  /** Opens a page of the console and waits until its heading is there. */
  readonly open: (path: string, options?: BrowserContextOptions) => Promise<Page>;
}

const root = join(import.meta.dirname, '..', '..', '..');

/** A real browser on the built page, for all tests of a file. Whatever breaks the page's policy fails the test. */
export function useConsole(): () => TestConsole {
  let browser: Browser | undefined;
  let api: FakeApi | undefined;
  let page: Page | undefined;
  let broken: string[] = [];

  beforeAll(async () => {
    api = await startFakeApi(await builtConsolePage(root));
    browser = await openBrowser();
  });

  beforeEach(() => {
    broken = [];
    api?.world.reset();
  });

  afterEach(async () => {
    await page?.context().close();
    page = undefined;
    expect(broken).toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    await api?.close();
  });

  const open = async (path: string, options: BrowserContextOptions = {}): Promise<Page> => {
    if (browser === undefined || api === undefined) throw new Error('the console is not up');
    await page?.context().close();
    const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 900 }, ...options });
    context.setDefaultTimeout(15_000);
    page = await context.newPage();
    watch(page, broken);
    await page.goto(api.url + path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    return page;
  };
  return () => {
    if (api === undefined) throw new Error('the console is not up');
    const opened = page;
    return {
      api: api.world,
      open,
      get page() {
        if (opened === undefined) throw new Error('no page is open');
        return opened;
      },
    };
  };
}

/** The browser that lies in a package, so that nothing has to be installed. */
export async function openBrowser(): Promise<Browser> {
  const args = ['--no-sandbox', '--headless=shell', '--no-zygote', '--font-render-hinting=none'];
  return chromium.launch({ executablePath: await packedChromium.executablePath(), args, headless: true });
}

/**
 * Notes everything that the Content-Security-Policy forbids, every error of the page itself, and every address with an
 * email in it (rule 27).
 */
export function watch(page: Page, broken: string[]): void {
  page.on('pageerror', (error) => broken.push(error.message));
  page.on('request', (request) => {
    if (/@|%40/.test(request.url())) broken.push(`an email in ${request.url()}`);
  });
  page.on('framenavigated', (frame) => {
    if (/@|%40/.test(frame.url())) broken.push(`an email in ${frame.url()}`);
  });
  page.on('console', (message) => {
    const text = message.text();
    if (/Content Security Policy|TrustedHTML|TrustedScript/.test(text)) broken.push(text);
  });
}

/** Axe finds nothing wrong with the page, or with what is open on it, as it is now: light, and in its colours dark. */
export async function expectAccessible(page: Page): Promise<void> {
  // What lies behind a modal dialog cannot be reached.
  const part = (await page.locator('dialog[open]').count()) > 0 ? 'dialog[open]' : 'body';
  // There are no frames whose findings would have to be merged.
  const axe = (): AxeBuilder =>
    new AxeBuilder({ page })
      .setLegacyMode(true)
      .options({ resultTypes: ['violations'] })
      .include(part);
  expect(told(await axe().analyze())).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(told(await axe().withRules('color-contrast').analyze())).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
}

/**
 * The page is accessible, wide and narrow, light and dark, and at 320 px nothing is wider than the screen. Keeps a picture
 * of each under the name.
 */
export async function expectFitForAll(page: Page, name: string): Promise<void> {
  await expectAccessible(page);
  await picture(page, `${name}-light`);
  await page.emulateMedia({ colorScheme: 'dark' });
  await picture(page, `${name}-dark`);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 320, height: 800 });
  expect(told(await new AxeBuilder({ page }).setLegacyMode(true).analyze())).toEqual([]);
  const [wide, screen] = await page.evaluate<readonly [number, number]>(
    '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
  );
  expect(wide).toBeLessThanOrEqual(screen);
  await picture(page, `${name}-narrow`);
}

type Findings = Awaited<ReturnType<AxeBuilder['analyze']>>;

function told({ violations }: Findings): readonly string[] {
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

/** Which element has the focus, as it is called. */
export async function focused(page: Page): Promise<string> {
  return page.evaluate<string>(
    `(() => { const e = document.activeElement; return e.getAttribute('aria-label') ?? (e.labels?.[0]?.textContent || e.textContent || e.tagName); })()`,
  );
}

/** Goes on with the Tab key until `wanted` has the focus, as somebody without a mouse does. */
export async function tabTo(page: Page, wanted: Locator, way: 'on' | 'back' = 'on'): Promise<void> {
  for (let presses = 0; presses < 150; presses += 1) {
    if ((await wanted.and(page.locator(':focus')).count()) === 1) return;
    await page.keyboard.press(way === 'on' ? 'Tab' : 'Shift+Tab');
  }
  throw new Error('the Tab key does not get there');
}

/**
 * Keeps a picture where `CONSOLE_PICTURES` names a folder, for somebody to look at: of the whole page, or of the screen as
 * the README shows it.
 */
export async function picture(page: Page, name: string, of: 'page' | 'screen' = 'page'): Promise<void> {
  const folder = process.env['CONSOLE_PICTURES'];
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  const size = page.viewportSize();
  if (of === 'screen') await page.setViewportSize({ width: 1120, height: 740 });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: of === 'page' });
  if (size !== null) await page.setViewportSize(size);
}
