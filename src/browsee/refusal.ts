import { ConnectorError } from "../errors.ts";
import type { Refusal } from "./trouble.ts";

/** 401 and 403. @param words status and the API's own words, free of secrets */
export function unauthorized(words: string): Refusal {
  return refusal(
    "unauthorized",
    "config_error",
    `Browsee refused the keys (${words}). Check api_key and secret_key: the secret key is generated in Browsee's settings.`,
  );
}

/** 400 for something that the configuration holds. @param words status and the API's own words, free of secrets */
export function refusedRequest(words: string): Refusal {
  return refusal(
    "request_refused",
    "config_error",
    `Browsee refused the request (${words}). Check api_key, secret_key and segment_ids.`,
  );
}

/** 400 for a parameter that is not the user's. @param words status and the API's own words, free of secrets */
export function misused(words: string): Refusal {
  return refusal(
    "request_refused",
    "system_error",
    `Browsee refused how this connector asked (${words}). Update the connector; if this stays, report it.`,
  );
}

function refusal(
  code: "unauthorized" | "request_refused",
  failureType: "config_error" | "system_error",
  message: string,
): Refusal {
  return { ok: false, kind: "refused", error: new ConnectorError({ code, failureType, message }) };
}
