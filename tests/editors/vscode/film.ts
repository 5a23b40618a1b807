/** A short animation of a page: pictures taken one by one, encoded as a small GIF. */

import gifenc from "gifenc";
import type { Page } from "playwright-core";
import { PNG } from "pngjs";
import { until } from "./until.ts";

const { GIFEncoder, applyPalette, quantize } = gifenc;

/** More are not seen in a dark editor; one is kept for what has not changed. */
const COLOURS = 96;

interface Picture {
  readonly image: PNG;
  readonly shownMs: number;
}

export class Film {
  private readonly page: Page;
  private readonly pictures: Picture[] = [];

  constructor(page: Page) {
    this.page = page;
  }

  /** Take a picture of what is there now, to be shown for so long. */
  async take(shownMs: number): Promise<void> {
    this.pictures.push({ image: PNG.sync.read(await this.page.screenshot()), shownMs });
  }

  /** Take a picture once the page has stopped changing. */
  async settle(shownMs: number): Promise<void> {
    let last: Buffer = Buffer.alloc(0);
    await until("the page is at rest", async () => {
      const before = last;
      last = await this.page.screenshot();
      return last.equals(before);
    });
    await this.take(shownMs);
  }

  /** Return the GIF: one palette for all pictures, and of each only what differs from the one before. */
  encoded(): Uint8Array {
    const palette = quantize(joined(this.pictures), COLOURS);
    const transparent = palette.length;
    const gif = GIFEncoder();
    let before: Uint8Array | undefined;
    for (const { image, shownMs } of this.pictures) {
      const shown = applyPalette(image.data, palette);
      const drawn =
        before === undefined ? shown : shown.map((colour, at) => (colour === before?.[at] ? transparent : colour));
      const first = before === undefined ? { palette: [...palette, [0, 0, 0]] } : {};
      gif.writeFrame(drawn, image.width, image.height, {
        ...first,
        delay: shownMs,
        transparent: true,
        transparentIndex: transparent,
        dispose: 1,
      });
      before = shown;
    }
    gif.finish();
    return gif.bytes();
  }
}

function joined(pictures: readonly Picture[]): Uint8Array {
  return Buffer.concat(pictures.map(({ image }) => image.data));
}
