import { afterEach } from "@jest/globals";
import type { FakeApiOptions } from "./options.ts";
import { type FakeApi, startFakeApi } from "./server.ts";

/**
 * What the tests of a file start stand-in APIs with; each is closed after the test that started it. To be called at the
 * top of the file.
 * @param defaults what all of them have, unless a test says otherwise; sessions that it gives replace generated ones
 */
export function apiStarter(defaults: FakeApiOptions = {}): (options?: FakeApiOptions) => Promise<FakeApi> {
  const running: FakeApi[] = [];
  afterEach(async () => {
    for (const api of running.splice(0)) await api.close();
  });
  return async (options = {}) => {
    const { generated, ...others } = defaults;
    const api = await startFakeApi({ ...(options.sessions === undefined ? defaults : others), ...options });
    running.push(api);
    return api;
  };
}
