/** A script in headless Chromium, as firefox.ts has it in Firefox. */
import { launch } from "../../src/dashboard/testing/browser.ts";

/** What `expression` comes to in an empty page once `script` has run there. */
export async function evaluateInChromium(script: string, expression: string): Promise<unknown> {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: script });
    return await page.evaluate(expression);
  } finally {
    await browser.close();
  }
}
