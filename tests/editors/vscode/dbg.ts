import { CodeServer } from "./code_server.ts";
import { scratch, SHOP, write } from "./files.ts";
import { BIN, installModel } from "./funcseek.ts";
import { until } from "./until.ts";
const t0 = Date.now(); const say = (...x: unknown[]) => console.log(((Date.now() - t0) / 1000).toFixed(1), ...x);
const folder = scratch(); installModel(`${folder}/home`);
const server = await CodeServer.start({ folder, path: [BIN] });
const shop = write(`${folder}/shop`, SHOP);
const w = await server.open(shop); say("open");
try {
await w.press("Control+p"); await w.page.waitForTimeout(800); await w.page.keyboard.insertText("NOTES.txt"); await w.page.waitForTimeout(1500); await w.press("Enter"); await w.page.waitForTimeout(1500);
say(await w.tabs());
console.log(await w.page.locator(".tabs-container .tab").first().evaluate((e) => e.outerHTML));
console.log(await w.page.locator(".statusbar-item", {hasText: "Ln "}).first().evaluate((e) => e.outerHTML));
await w.press("F1"); await w.page.waitForTimeout(500); await w.type("Keep Editor"); await w.page.waitForTimeout(1500); say(await w.rows()); await w.press("Enter"); await w.page.waitForTimeout(1000); say(await w.tabs());
await w.press("Control+g"); await w.page.waitForTimeout(500); await w.page.keyboard.insertText("120"); await w.press("Enter"); await w.page.waitForTimeout(1000);say(await w.cursor());
say(await w.statusBar(), await w.status());
} finally { await server.stop(); }
