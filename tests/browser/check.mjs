// Opens report pages from disk and checks what a reader relies on. Run by .ci/browser.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WIDTHS = [380, 700, 800, 1000, 1100, 1150, 1440];
// Widths at which pages are read by axe, too.
const READ = [380, 1440];
const failures = [];
const shots = process.env.SCREENSHOTS;
if (shots) mkdirSync(shots, { recursive: true });

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
for (const file of process.argv.slice(2)) {
  const name = basename(dirname(file));
  const check = (holds, what) => {
    if (!holds) failures.push(`${name}: ${what}`);
    console.log(`${holds ? "ok      " : "FAILED  "} ${name}: ${what}`);
  };
  const url = pathToFileURL(file).href;
  for (const width of WIDTHS) {
    for (const colorScheme of ["light", "dark"]) {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
      await page.goto(url);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      check(wide <= 0, `${width} px, ${colorScheme}: nothing is wider than the page (${wide} px over)`);
      const lost = await page.evaluate(() => [...document.querySelectorAll("#results ~ .scroll td")]
        .filter((cell) => cell.textContent.trim() && cell.getClientRects().length === 0).length);
      check(lost === 0, `${width} px, ${colorScheme}: every cell of the results is shown (${lost} are not)`);
      if (READ.includes(width)) {
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
        const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
        const found = serious.map(({ id, nodes }) => `${id} at ${nodes[0].target} and ${nodes.length - 1} more`);
        check(found.length === 0, `${width} px, ${colorScheme}: axe finds nothing serious ${found.join("; ")}`);
      }
      if (shots && (colorScheme === "light" || width === 1440)) {
        await page.screenshot({ path: join(shots, `${name}-${width}-${colorScheme}.png`), fullPage: !["all", "many"].includes(name) });
      }
      await page.close();
    }
  }

  // As a reader has it: the page's own policy holds, and nothing is said or asked for.
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: "light" });
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("dialog", (dialog) => { said.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => {
    if (request.url() !== url && !request.url().startsWith("data:")) said.push(`request: ${request.url()}`);
  });
  await page.goto(url, { waitUntil: "load" });
  const { read, loaded } = await page.evaluate(() => {
    const [{ domContentLoadedEventEnd, loadEventEnd }] = performance.getEntriesByType("navigation");
    return { read: domContentLoadedEventEnd, loaded: loadEventEnd };
  });
  const rows = page.locator("#results ~ .scroll tbody tr");
  const size = (readFileSync(file).length / 1e3).toFixed(0);
  console.log(`measured ${name}: ${await rows.count()} rows, ${size} kB, read after ${read.toFixed(0)} ms, open after ${loaded.toFixed(0)} ms`);
  check(await page.locator("img[src=x]").count() === 0, "hostile names stay text");

  await page.locator("#theme").click();
  check(await page.evaluate(() => document.documentElement.dataset.theme) === "dark", "the theme switches");

  if (await rows.count() > 1) {
    const names = () => page.locator("#results ~ .scroll tbody tr:visible td:first-child").allTextContents();
    await page.locator("#results ~ .scroll th button").first().click();
    const sorted = await names();
    check(sorted.every((id, i) => i === 0 || sorted[i - 1].localeCompare(id) <= 0), "rows are sorted by name");
    await page.locator("#search").fill("spawn-key");
    const found = await names();
    check(found.length > 0 && found.every((id) => id.includes("spawn-key")), "rows are filtered by name");
    await page.locator("#search").fill("");
    await page.locator("#verdict").selectOption("unsound");
    const words = await page.locator("#results ~ .scroll tbody tr:visible .badge").allTextContents();
    check(words.length > 0 && words.every((word) => word === "unsound"), "rows are filtered by verdict");
    await page.locator("#verdict").selectOption("");
  }
  const link = page.locator("#results ~ .scroll tbody tr:visible td:first-child a").first();
  const target = await link.getAttribute("href");
  await link.click();
  await page.waitForTimeout(100);
  const place = await page.evaluate((id) => {
    const row = document.getElementById(id);
    const bar = document.querySelector("nav").getBoundingClientRect().bottom;
    return { open: row.open, below: row.getBoundingClientRect().top - bar };
  }, target.slice(1));
  check(place.open, "a link to a row opens it");
  check(place.below >= -1, `and shows it under the bar (${Math.round(place.below)} px)`);
  const broken = await page.evaluate(() => [...document.querySelectorAll('a[href^="#"]')]
    .map((anchor) => anchor.getAttribute("href").slice(1)).filter((id) => !document.getElementById(id)));
  check(broken.length === 0, `every link leads somewhere ${[...new Set(broken)].slice(0, 3)}`);
  check(said.length === 0, `nothing is said and nothing asked for ${said.slice(0, 3).join("; ")}`);

  await page.setViewportSize({ width: 718, height: 1000 });
  await page.emulateMedia({ media: "print" });
  const cut = await page.evaluate(() => [...document.querySelectorAll("section td, section th, .figure")]
    .filter((cell) => cell.getClientRects().length > 0 && cell.getBoundingClientRect().right > innerWidth + 1).length);
  check(cut === 0, `A4 holds every column and figure (${cut} are cut)`);
  const pdf = await page.pdf({ format: "A4" });
  check(pdf.length > 10_000, "it prints");
  await page.close();
}
await browser.close();
console.log(`${failures.length} failed`);
process.exit(failures.length ? 1 : 0);
